import { mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { commandsForImages, commandsForTarball, type UseCommand } from '../../electron/giving/commands.ts';
import { buildImages, type ImageDestination } from '../../electron/images/build-images.ts';
import { buildTarballs } from '../../electron/images/tarball.ts';
import { clearRegistry, listEntries } from '../support/registry.ts';
import { emulatorsFor, requestFor } from './support/real-emulators.ts';
import { outputOf, run } from './support/run.ts';

/** Capitals, for podman makes names of some paths and refuses them there; and what a shell would take apart. */
const directory = path.join(os.tmpdir(), `It's $HOME & more ${process.pid}`);
mkdirSync(directory);
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(clearRegistry);

/** Does what a person does who is root already, with the commands that are for podman and skopeo. */
function type(commands: readonly UseCommand[]): void {
  for (const { does, command } of commands) {
    if (/docker/.test(does)) continue; // No docker runs here.
    outputOf(['bash', '-c', `sudo() { "$@"; }; ${command}`]);
  }
}

describe.each(['oci-layout', 'oci-archive', 'docker-archive'] as const)('the commands for an %s', (form) => {
  const destination: ImageDestination = { form, path: path.join(directory, form) };
  const repository = `localhost/team/${form}`;

  test('make podman register what the images hold', async () => {
    const built = await buildImages({ ...requestFor(emulatorsFor('s390x')), repository }, destination);
    const tags = built.ok ? built.value.flatMap((image) => image.tags) : [];
    type(commandsForImages(destination, tags, repository));
    expect(listEntries()).toEqual(['qemu-s390x']);
  });

  test('register for others where there is no image that holds the emulators', async () => {
    const request = { ...requestFor([]), images: ['register'], repository } as const;
    const built = await buildImages(request, destination);
    const tags = built.ok ? built.value.flatMap((image) => image.tags) : [];
    type(commandsForImages(destination, tags, repository));
    expect(listEntries()).toContain('qemu-s390x');
    expect(listEntries()).toContain('qemu-aarch64');
  });
});

test('the command for a tarball unpacks the emulator', async () => {
  const built = await buildTarballs(requestFor(emulatorsFor('s390x')), directory);
  const [tarball = ''] = built.ok ? built.value : [];
  const [unpack] = commandsForTarball(path.join(directory, tarball));
  const command = unpack?.command.replace('/usr/local/bin', '"$0"') ?? '';
  outputOf(['bash', '-c', `sudo() { "$@"; }; ${command}`, directory]);
  expect(run([path.join(directory, 'qemu-s390x-static'), '--version']).stdout).toMatch(/^qemu-s390x version/);
});
