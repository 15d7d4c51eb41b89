import { coverBinfmtMisc } from '../support/mounts.ts';
import { expect, test } from '../support/program.ts';
import { readEntry, register, writeToEntry } from '../support/registry.ts';

const aarch64 =
  '\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:' +
  '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff';

test('a registration that works on the host only is a problem, and Replace mends it', async ({ program }) => {
  register(`:qemu-aarch64:M::${aarch64}:/usr/local/bin/qemu-aarch64-static:`);
  await expect(program.row('aarch64').getByRole('img', { name: 'Warning' })).toBeVisible();
  await program.page.getByRole('radio', { name: 'Problems 1' }).click();
  await program.header('aarch64').click();
  const details = program.detailsOf('aarch64');
  await expect(details).toContainText('containers');
  await program.expectNoAccessibilityViolation();

  await details.getByRole('button', { name: 'Replace' }).click();
  await expect(program.status).toContainText('Registered aarch64 in place of qemu-aarch64');
  expect(readEntry('qemu-aarch64')).toContain('flags: F\n');
  await expect(program.page.getByText('No problems: everything registered can work.')).toBeVisible();
});

test('a missing interpreter is the gravest, and a healthy system says so', async ({ program }) => {
  await expect(program.page.getByText('0 targets enabled, no problems')).toBeVisible();
  register(`:qemu-aarch64:M::${aarch64}:/opt/qemu-aarch64:`);
  await expect(program.row('aarch64')).toContainText('Broken');
  await expect(program.page.getByText('0 targets enabled, 1 problem')).toBeVisible();
  await program.header('aarch64').click();
  await expect(program.detailsOf('aarch64').getByRole('listitem').first()).toContainText(
    'Its interpreter /opt/qemu-aarch64 is not there',
  );
});

test('two entries for one target are both told of', async ({ program }) => {
  register(`:older:M::${aarch64}:/usr/local/bin/qemu-aarch64-static:F`);
  register(`:qemu-aarch64:M::${aarch64}:/usr/local/bin/qemu-aarch64-static:F`);
  await program.header('aarch64').click();
  await expect(program.detailsOf('aarch64')).toContainText('older');
  await expect(program.page.getByRole('radio', { name: 'Problems 1' })).toBeVisible();
});

test('what another format cannot do is counted as a problem too, and shown with them', async ({
  program,
}) => {
  register(':jar:E::jar::/opt/jexec:');
  register(':whole:E::whole::/bin/true:F');
  await expect(program.row('jar')).toContainText('Broken');
  await expect(program.page.getByText('0 targets enabled, 1 problem')).toBeVisible();
  await program.page.getByRole('radio', { name: 'Problems 1' }).click();
  await expect(program.targets).toContainText('No target has a problem of its own.');
  await expect(program.formats.getByRole('rowheader')).toHaveText([/^jar/]);

  writeToEntry('jar', '-1');
  await expect(program.page.getByText('No problems: everything registered can work.')).toBeVisible();
  await expect(program.page.getByText('None of them has a problem.')).toBeVisible();
});

test('so is what keeps the whole system from working', async ({ program }) => {
  await program.switchOf('binfmt_misc').click();
  await program.page.getByRole('radio', { name: 'Problems 1' }).click();
  await expect(program.targets).toContainText('No target has a problem of its own.');
  await program.expectNoAccessibilityViolation();
  coverBinfmtMisc();
  await expect(program.page.getByRole('region', { name: 'binfmt_misc is not mounted' })).toBeVisible();
  await expect(program.page.getByRole('radio', { name: 'Problems 1' })).toBeVisible();
  await expect(program.page.getByText('No problems')).toHaveCount(0);
});

test('a row shows the worst there is to say of it', async ({ program }) => {
  // What is there now is another CPU’s; what the kernel holds open may be something else.
  const foreign = `${process.env.TEST_PROGRAMS}/arm64/bin/busybox`;
  const s390x =
    '\\x7f\\x45\\x4c\\x46\\x02\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x16:' +
    '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff';
  register(`:qemu-s390x:M::${s390x}:${foreign}:F`);
  await expect(program.row('s390x')).toContainText('Enabled');
  await expect(program.row('s390x').getByRole('img', { name: 'Warning' })).toBeVisible();
  await program.expectNoAccessibilityViolation();
});
