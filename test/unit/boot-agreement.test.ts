import { describe, expect, test } from 'vitest';
import type { BootConfiguration, BootFile } from '../../electron/binfmt/boot/boot-configuration.ts';
import { formatConfFile } from '../../electron/binfmt/boot/own-file.ts';
import type { Registration } from '../../electron/binfmt/register-line.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { agreementOn } from '../../electron/boot-agreement.ts';
import { bootFile, entryOf, exampleSnapshot, noBoot, registrationOfTarget } from '../support/example-data.ts';

const arm = registrationOfTarget('arm');
const sh4 = registrationOfTarget('sh4');
const s390x = registrationOfTarget('s390x');
const other = { ...arm, interpreter: '/opt/other' };

/** A file of somebody else that registers these. */
function fileWith(
  path: string,
  registrations: readonly Registration[],
  changes: Partial<BootFile> = {},
): BootFile {
  const rules = registrations.map((registration, index) => ({
    registration,
    path,
    line: index + 1,
    by: 'binfmt.d' as const,
  }));
  return bootFile(path.slice(path.lastIndexOf('/') + 1), `# ${path}\n`, { path, rules, ...changes });
}

function systemWith(files: readonly BootFile[]): Snapshot {
  const rules = files.filter(({ state }) => state === 'used').flatMap((file) => file.rules);
  const boot: BootConfiguration = { ...noBoot, files, rules };
  return exampleSnapshot({ entries: [entryOf(arm)], boot });
}

const keep = { kind: 'keep-at-boot', names: ['qemu-arm'], agreed: [] } as const;
const drop = { kind: 'not-at-boot', names: ['qemu-arm'], agreed: [] } as const;
const ours = formatConfFile([arm]);
const ourText = { kind: 'text', text: ours.ok ? ours.value : '' };

describe('what a person is shown before they agree', () => {
  test('is nothing for what is not about boot, and where only this program’s own files change', () => {
    const unregister = { kind: 'unregister', names: ['qemu-arm'] } as const;
    expect(agreementOn(unregister, systemWith([]))).toEqual({ request: unregister, files: [] });
    expect(agreementOn(keep, systemWith([]))).toEqual({ request: keep, files: [] });
    const own = fileWith('/etc/binfmt.d/qemu-arm.conf', [other], { author: 'us' });
    expect(agreementOn(keep, systemWith([own])).files).toEqual([]);
  });

  test('is the file that is replaced, with what it will say and what it registers besides', () => {
    const theirs = fileWith('/etc/binfmt.d/qemu-arm.conf', [other, sh4, s390x]);
    const elsewhere = fileWith('/usr/lib/binfmt.d/qemu-s390x.conf', [s390x]);
    const { request, files } = agreementOn(keep, systemWith([theirs, elsewhere]));
    expect(files).toEqual([
      {
        path: theirs.path,
        text: theirs.text,
        link: null,
        author: 'others',
        package: null,
        after: ourText,
        afterPath: theirs.path,
        // The other one brings s390x back all the same.
        loses: ['qemu-sh4'],
      },
    ]);
    expect(request).toEqual({ ...keep, agreed: [{ path: theirs.path, text: theirs.text, link: null }] });
  });

  test('is the file that is masked, and the one that is removed', () => {
    const vendors = fileWith('/usr/lib/binfmt.d/all.conf', [arm, sh4]);
    expect(agreementOn(drop, systemWith([vendors])).files).toEqual([
      expect.objectContaining({
        path: vendors.path,
        after: { kind: 'masked' },
        afterPath: '/etc/binfmt.d/all.conf',
        loses: ['qemu-sh4'],
      }),
    ]);
    const theirs = fileWith('/etc/binfmt.d/mine.conf', [arm]);
    expect(agreementOn(drop, systemWith([theirs])).files).toEqual([
      expect.objectContaining({ path: theirs.path, after: { kind: 'absent' }, loses: [] }),
    ]);
  });

  test('is a vendor’s file that is overridden, and stays', () => {
    const vendors = fileWith('/usr/lib/binfmt.d/qemu-arm.conf', [other, sh4]);
    expect(agreementOn(keep, systemWith([vendors])).files).toEqual([
      expect.objectContaining({
        path: vendors.path,
        after: ourText,
        afterPath: '/etc/binfmt.d/qemu-arm.conf',
        loses: ['qemu-sh4'],
      }),
    ]);
  });

  test('counts nothing as lost that the request itself is about', () => {
    const vendors = fileWith('/usr/lib/binfmt.d/all.conf', [arm, sh4]);
    const both = { ...drop, names: ['qemu-arm', 'qemu-sh4'] };
    expect(agreementOn(both, systemWith([vendors]))).toEqual({ request: both, files: [] });
  });

  test('is nothing where there is no plan', () => {
    const theirs = fileWith('/etc/binfmt.d/qemu-arm.conf', [other]);
    const gone = { ...systemWith([theirs]), entries: [] };
    expect(agreementOn(keep, gone).files).toEqual([]);
  });
});
