import { setPolicy } from '../support/polkit-rules.ts';
import { expect, test } from '../support/polkit-test.ts';
import { readEntry, readRegistry, register, unmount } from '../support/registry.ts';

test('Mount mounts through pkexec, and what was registered is there again', async ({
  start,
  targets: [target, registered],
}) => {
  register(`:qemu-${registered}:E::registered-before::/bin/true:`);
  const before = readRegistry();
  // It is mounted elsewhere still.
  unmount();
  await setPolicy('granted');
  const program = await start();
  const notice = program.page.getByRole('region', { name: 'binfmt_misc is not mounted' });
  await expect(program.switchOf(target)).toBeDisabled();
  await notice.getByRole('button', { name: 'Mount' }).click();
  await expect(notice).toBeHidden();
  await expect(program.status).toContainText('Mounted binfmt_misc');
  expect(readEntry('status')).toBe('enabled\n');
  expect(readRegistry()).toEqual(before);

  await program.switchOf(target).click();
  await expect(program.row(target)).toContainText('Enabled');
});
