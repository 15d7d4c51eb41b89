import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { entryOf, expect, test } from '../support/polkit-test.ts';
import { readRegistry, register } from '../support/registry.ts';

const privateMachine = path.resolve(import.meta.dirname, '../../build/setup/elevated/private-machine.mjs');

for (const [who, end] of [
  ['whoever started the tests', (machine: ChildProcess) => machine.stdin?.destroy()],
  ['the private machine', (machine: ChildProcess) => machine.kill('SIGTERM')],
] as const) {
  test(`when ${who} is gone, everything is put back`, async ({ targets: [target] }) => {
    const before = readRegistry();
    const machine = startMachine(
      `echo ':qemu-${target}:E::elevatedguard::/bin/true:' > /proc/sys/fs/binfmt_misc/register; sleep 1000`,
    );
    await expect.poll(() => entryOf(target)).toContain('extension .elevatedguard');
    end(machine);
    expect(await once(machine, 'exit')).toEqual([1, null]);
    expect(readRegistry()).toEqual(before);
  });
}

test('what somebody does to other entries meanwhile is told', async ({ targets: [target] }) => {
  register(`:qemu-${target}:E::elevatedguard::/bin/true:`);
  const machine = startMachine(`echo 0 > /proc/sys/fs/binfmt_misc/qemu-${target}`);
  let said = '';
  machine.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  expect(await once(machine, 'close')).toEqual([1, null]);
  expect(said).toContain('The machine’s binfmt_misc is not as it was before');
  expect(said).toContain(`qemu-${target}:\ndisabled\n`);
});

/** A private machine inside the one that these tests run on; the kernel's registry is the same. */
function startMachine(script: string): ChildProcess {
  const namespace = ['--mount', '--propagation', 'private'];
  return spawn('unshare', [...namespace, process.execPath, privateMachine, 'bash', '-c', script], {
    stdio: ['pipe', 'inherit', 'pipe'],
  });
}
