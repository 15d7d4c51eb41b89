import { createServer, request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { buildImages } from '../../electron/images/build-images.ts';
import { type ImageRegistry, startRegistry } from '../images/support/image-registry.ts';
import { outputOf } from '../images/support/run.ts';
import {
  test as base,
  chooseInSystemDialog,
  expect,
  freePort,
  ImagesDialog,
  isInstalled,
  requestFor,
} from '../support/container-images.ts';
import type { Program } from '../support/program.ts';

// npm test e2e installs them where it can, and CI is refused without them.
base.skip(
  !isInstalled('skopeo', 'docker-registry', 'busybox'),
  'There are no skopeo, docker-registry and static busybox here.',
);
base.setTimeout(90_000);

/** As `registry`, one on loopback that is empty, and as `layout` the images of two targets. */
const test = base.extend<{ readonly registry: ImageRegistry; readonly layout: string }>({
  registry: async ({ place }, use) => {
    const registry = await startRegistry(place, await freePort());
    await use(registry);
    await registry.stop();
  },
  layout: async ({ place }, use) => {
    const layout = path.join(place, 'layout');
    const built = await buildImages(requestFor('arm', 'hppa'), { form: 'oci-layout', path: layout });
    expect(built.ok).toBe(true);
    await use(layout);
  },
});

/** Opens the page that publishes, with images to publish and where to. */
async function openPublishing(program: Program, layout: string, name: string): Promise<ImagesDialog> {
  const images = await ImagesDialog.open(program);
  await images.tab('Publish').click();
  await chooseInSystemDialog(program, layout);
  await images.button('Choose…').click();
  await images.field('Registry and repository').fill(name);
  return images;
}

const digestAt = (name: string, tag: string): string =>
  JSON.parse(outputOf(['skopeo', 'inspect', '--tls-verify=false', `docker://${name}:${tag}`])).Digest;

const tagsIn = (images: ImagesDialog) =>
  images.dialog.getByRole('list', { name: 'Tags' }).getByRole('listitem');

const replaceChoice = (images: ImagesDialog) => images.checkBox(/^Replace/);

/** The tags that the registry has taken since the last look. */
const manifestsSent = ({ requests }: ImageRegistry): readonly string[] =>
  requests().flatMap((asked) => /^PUT .*\/manifests\/(\S+) 201$/.exec(asked)?.[1] ?? []);

/** The registry as somebody far away sees it: every manifest takes its time. */
async function slowly({
  address,
}: ImageRegistry): Promise<{ readonly address: string; readonly stop: () => void }> {
  const server = createServer((asked, answer) => {
    const isManifest = asked.method === 'PUT' && asked.url?.includes('/manifests/');
    const { method, url = '/', headers } = asked;
    const forward = (): void => {
      const sent = request(new URL(url, `http://${address}`), { method, headers }, (answered) => {
        answer.writeHead(answered.statusCode ?? 500, answered.headers);
        answered.pipe(answer);
      });
      // Whoever was cancelled does not wait for an answer.
      sent.on('error', () => answer.destroy());
      asked.on('error', () => sent.destroy()).pipe(sent);
    };
    setTimeout(forward, isManifest === true ? 500 : 0);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${port}`, stop: () => server.close() };
}

const nameAt = ({ address }: ImageRegistry): string => `${address}/team/qemu`;

test('what is new is shown, sent, and then there with the same digests', async ({
  program,
  registry,
  layout,
}) => {
  const name = nameAt(registry);
  const images = await openPublishing(program, layout, name);
  await images.button('Compare').click();
  await expect(images.dialog).toContainText('11 new');
  await expect(images.dialog).toContainText(/At most [\d.]+ MB are sent/);
  expect(registry.requests().filter((asked) => !asked.startsWith('GET'))).toEqual([]);
  await program.expectNoAccessibilityViolation();

  await images.button('Publish 11 tags').click();
  await expect(images.status).toHaveText(`Published 11 tags to ${name}`, { timeout: 60_000 });
  await expect(images.dialog).toContainText('11 the same');
  await expect(images.dialog).toContainText(
    `sudo podman run --rm --privileged ${name}:latest --reset -p yes`,
  );
  await program.expectNoAccessibilityViolation();
  for (const item of await tagsIn(images).all()) {
    const [tag = '', digest = ''] = await item.locator('code').allTextContents();
    expect(digestAt(name, tag), tag).toBe(digest);
  }

  await images.button('Compare again').click();
  await expect(images.dialog).toContainText('11 the same');
  await expect(images.button('Publish')).toBeDisabled();
});

test('what is different is replaced only when a person says so', async ({ program, registry, layout }) => {
  const name = nameAt(registry);
  const copy = ['skopeo', 'copy', '--dest-tls-verify=false'];
  outputOf([...copy, `oci:${layout}:hppa`, `docker://${name}:arm`]);
  const others = digestAt(name, 'arm');
  const images = await openPublishing(program, layout, name);
  await images.button('Compare').click();
  await expect(images.dialog).toContainText('1 different');
  await expect(tagsIn(images).first()).toContainText('Different');
  await expect(tagsIn(images).first()).toContainText('arm');
  await expect(replaceChoice(images)).not.toBeChecked();
  await images.button('Publish 10 tags').click();
  await expect(images.status).toHaveText(`Published 10 tags to ${name}`, { timeout: 60_000 });
  expect(digestAt(name, 'arm')).toBe(others);

  await replaceChoice(images).check();
  await images.button('Publish 1 tag').click();
  await expect(images.status).toHaveText(`Published 1 tag to ${name}`);
  expect(digestAt(name, 'arm')).toBe(digestAt(name, `${os.machine()}-arm`));
});

test('publishing is cancelled, and goes on later with what is left', async ({
  program,
  registry,
  layout,
}) => {
  const slow = await slowly(registry);
  const images = await openPublishing(program, layout, `${slow.address}/team/qemu`);
  await images.button('Compare').click();
  await images.button('Publish 11 tags').click();
  await expect(images.dialog).toContainText(/[1-5] of 11 tags/);
  await images.button('Cancel').click();
  await expect(images.status).toContainText('Stopped. What was sent is published');
  await expect(images.status).toContainText(/Sent before that: \d tags?\./);

  await images.button('Compare again').click();
  await expect(images.dialog).toContainText(/\d the same/);
  const sent = manifestsSent(registry);
  await images.dialog.getByRole('button', { name: /^Publish \d+ tags?$/ }).click();
  await expect(images.status).toContainText(/^Published \d+ tags? to/, { timeout: 60_000 });
  await expect(images.dialog).toContainText('11 the same');
  const rest = manifestsSent(registry);
  expect(sent.length).toBeGreaterThan(0);
  expect(rest.filter((tag) => sent.includes(tag))).toEqual([]);
  expect(new Set([...sent, ...rest]).size).toBe(11);
  slow.stop();
});

test('a refused login and a registry that is not there are sentences with what to do', async ({
  program,
  place,
  layout,
}) => {
  const registry = await startRegistry(place, await freePort(), { login: true });
  const images = await openPublishing(program, layout, nameAt(registry));
  await images.button('Compare').click();
  await expect(images.alert).toContainText(
    `${registry.address} refused the login, or there is none. Log in with skopeo login --tls-verify=false ${registry.address}`,
  );
  await registry.stop();
  await images.button('Compare').click();
  await expect(images.alert).toContainText(`${registry.address} cannot be reached (connection refused)`);
  await program.expectNoAccessibilityViolation();
});

test('what was built last is what is published, and the place of it is remembered', async ({
  program,
  place,
  registry,
}) => {
  const images = await ImagesDialog.open(program);
  await images.chooseTargets('sh4');
  await images.radio(/^OCI layout/).click();
  await images.choosePlace(path.join(place, 'new'));
  await images.build();
  await images.button('Publish…').click();
  await expect(images.dialog).toContainText(path.join(place, 'new'));
  await images.field('Registry and repository').fill(nameAt(registry));
  await images.button('Compare').click();
  await images.button('Publish 7 tags').click();
  await expect(images.status).toHaveText(`Published 7 tags to ${nameAt(registry)}`, { timeout: 60_000 });
  await images.button('Close').click();
  await program.chooseInApplicationMenu('Container Images…');
  await images.tab('Publish').click();
  await expect(images.field('Registry and repository')).toHaveValue(nameAt(registry));
});
