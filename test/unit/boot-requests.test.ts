import { describe, expect, test } from 'vitest';
import {
  BINFMT_D,
  type BootConfiguration,
  type BootFile,
} from '../../electron/binfmt/boot/boot-configuration.ts';
import { formatConfFile } from '../../electron/binfmt/boot/own-file.ts';
import { bootFileContent } from '../../electron/binfmt/boot-changes.ts';
import { desiredAtBoot, filesToShow } from '../../electron/binfmt/boot-requests.ts';
import type { Entry } from '../../electron/binfmt/entry.ts';
import type { Registration } from '../../electron/binfmt/register-line.ts';
import { planOf, type Request } from '../../electron/binfmt/requests.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { bootFile, entryOf, exampleSnapshot, noBoot, registrationOfTarget } from '../support/example-data.ts';

const arm = registrationOfTarget('arm');
const other = registrationOfTarget('arm', { interpreter: '/opt/other' });

/** A file that registers these. */
const fileWith = (
  path: string,
  registrations: readonly Registration[],
  changes: Partial<BootFile> = {},
): BootFile => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const rules = registrations.map((registration, index) => ({
    registration,
    path,
    line: index + 1,
    by: 'binfmt.d' as const,
  }));
  const text = formatConfFile(registrations);
  const body = text.ok ? text.value : '';
  const shown = changes.author === undefined ? body.slice(body.indexOf('\n') + 1) : body;
  return bootFile(name, shown, { path, rules, ...changes });
};

const systemWith = (files: readonly BootFile[], entries: readonly Entry[] = [entryOf(arm)]): Snapshot => {
  const rules = files.filter(({ state }) => state === 'used').flatMap((file) => file.rules);
  const boot: BootConfiguration = { ...noBoot, files, rules };
  return exampleSnapshot({ entries, boot });
};

const keep: Request = { kind: 'keep-at-boot', names: ['qemu-arm'], agreed: [] };
const drop: Request = { kind: 'not-at-boot', names: ['qemu-arm'], agreed: [] };
const planned = (request: Request, snapshot: Snapshot): unknown => {
  const plan = planOf(request, snapshot);
  return plan.ok ? plan.value.plan : plan.problem;
};
const armFile = { kind: 'set-boot-file', directory: BINFMT_D, file: 'qemu-arm.conf' } as const;
const ours = formatConfFile([arm]);
const ourText = { kind: 'text', text: ours.ok ? ours.value : '' } as const;
const vendors = fileWith('/usr/lib/binfmt.d/qemu-arm.conf', [other]);

describe('keeping at boot', () => {
  test('writes a file that names this program and registers exactly what is registered', () => {
    expect(planned(keep, systemWith([]))).toEqual([
      { ...armFile, before: { kind: 'absent' }, after: ourText },
    ]);
  });

  test('overrides a vendor’s file of the same name', () => {
    expect(planned(keep, systemWith([vendors]))).toEqual([
      { ...armFile, before: { kind: 'absent' }, after: ourText },
    ]);
  });

  test('masks a vendor’s file that would be read later and register something else', () => {
    const later = fileWith('/usr/lib/binfmt.d/zz-qemu.conf', [other]);
    expect(planned(keep, systemWith([later]))).toEqual([
      { ...armFile, before: { kind: 'absent' }, after: ourText },
      { ...armFile, file: 'zz-qemu.conf', before: { kind: 'absent' }, after: { kind: 'masked' } },
    ]);
  });

  test('replaces our own older file without a question, unless somebody has changed it', () => {
    const old = fileWith('/etc/binfmt.d/qemu-arm.conf', [other], { author: 'us' });
    expect(planned(keep, systemWith([old]))).toEqual([
      {
        ...armFile,
        before: { kind: 'text', text: old.text },
        after: ourText,
      },
    ]);
    const edited = { ...old, author: 'us-and-others' } as const;
    for (const request of [keep, drop]) {
      expect(planned(request, systemWith([edited]))).toMatch(/was not written by this program alone/);
    }
  });

  test('replaces a mask, and a link to somewhere else, once it was shown', () => {
    const path = '/etc/binfmt.d/qemu-arm.conf';
    const mask = bootFile('qemu-arm.conf', null);
    const link = bootFile('qemu-arm.conf', 'of somebody', { link: '/opt/mine.conf' });
    const nowhere = bootFile('qemu-arm.conf', null, { link: '/nowhere', state: 'used' });
    const cases = [
      { file: mask, shown: { path, text: '', link: '/dev/null' }, before: { kind: 'masked' } },
      {
        file: link,
        shown: { path, text: 'of somebody', link: '/opt/mine.conf' },
        before: { kind: 'link', target: '/opt/mine.conf' },
      },
      {
        file: nowhere,
        shown: { path, text: '', link: '/nowhere' },
        before: { kind: 'link', target: '/nowhere' },
      },
    ];
    for (const { file, shown, before } of cases) {
      const system = systemWith([file]);
      expect(planned(keep, system)).toMatch(/^\/etc\/binfmt\.d\/qemu-arm\.conf was not written by this/);
      expect(filesToShow({ ...keep, agreed: [] }, system)).toEqual([shown]);
      expect(planned({ ...keep, agreed: [shown] }, system)).toEqual([{ ...armFile, before, after: ourText }]);
    }
  });

  test('leaves alone what is there and no file', () => {
    const sentence = '/etc/binfmt.d/qemu-arm.conf is a directory.';
    const file = bootFile('qemu-arm.conf', null, {
      link: null,
      state: 'used',
      problems: [{ line: 0, sentence }],
    });
    const agreed = [{ path: file.path, text: '', link: null }];
    expect(planned({ ...keep, agreed }, systemWith([file]))).toBe(
      `qemu-arm cannot be kept at boot. ${sentence}`,
    );
  });

  test('touches a file of somebody else only once it was shown as it is', () => {
    const theirs = fileWith('/etc/binfmt.d/qemu-arm.conf', [other]);
    const system = systemWith([theirs]);
    const refusal = /^\/etc\/binfmt\.d\/qemu-arm\.conf was not written by this program/;
    expect(planned(keep, system)).toMatch(refusal);
    const shown = filesToShow({ ...keep, agreed: [] }, system);
    expect(shown).toEqual([{ path: theirs.path, text: theirs.text, link: null }]);
    expect(planned({ ...keep, agreed: shown }, system)).toEqual([
      expect.objectContaining({ before: { kind: 'text', text: theirs.text }, after: ourText }),
    ]);
  });

  test('says of a file that was shown and changed since that it was left alone', () => {
    const theirs = fileWith('/etc/binfmt.d/qemu-arm.conf', [other]);
    const agreed = [{ path: theirs.path, text: 'what it said before', link: null }];
    expect(planned({ ...keep, agreed }, systemWith([theirs]))).toBe(
      '/etc/binfmt.d/qemu-arm.conf was left alone: somebody else changed it meanwhile. Look at it again.',
    );
  });

  test('shows a vendor’s file first that it overrides, where that registers something else, too', () => {
    const sh4 = registrationOfTarget('sh4');
    for (const registrations of [[arm, sh4], [sh4]]) {
      const several = fileWith('/usr/lib/binfmt.d/qemu-arm.conf', registrations);
      const changed = { ...arm, interpreter: '/opt/changed' };
      const shown = filesToShow({ ...keep, agreed: [] }, systemWith([several], [entryOf(changed)]));
      expect(shown).toEqual([{ path: several.path, text: several.text, link: null }]);
    }
  });

  test('writes a file that is in the way of another entry that is kept as well', () => {
    const sh4 = registrationOfTarget('sh4');
    const both = fileWith('/usr/lib/binfmt.d/qemu-sh4.conf', [other, { ...sh4, interpreter: '/opt/other' }]);
    const system = systemWith([both], [entryOf(arm), entryOf(sh4)]);
    for (const names of [
      ['qemu-arm', 'qemu-sh4'],
      ['qemu-sh4', 'qemu-arm'],
    ]) {
      const plan = planned({ ...keep, names }, system);
      expect(plan).toHaveLength(2);
      expect(plan).toContainEqual(
        expect.objectContaining({ file: 'qemu-sh4.conf', after: expect.objectContaining({ kind: 'text' }) }),
      );
    }
  });

  test('does not count on a file that a restart removes', () => {
    const volatile = fileWith('/run/binfmt.d/qemu-arm.conf', [arm]);
    expect(planned(keep, systemWith([volatile]))).toEqual([
      { ...armFile, before: { kind: 'absent' }, after: ourText },
    ]);
  });

  test('is refused where there is nothing to do, or no way to say it in a file', () => {
    const kept = fileWith('/usr/lib/binfmt.d/qemu-arm.conf', [arm]);
    expect(planned(keep, systemWith([kept]))).toBe(
      'qemu-arm is kept at boot already, by /usr/lib/binfmt.d/qemu-arm.conf.',
    );
    expect(planned(keep, systemWith([], []))).toBe('qemu-arm is not registered any more.');
    const broken = entryOf({ ...arm, interpreter: '/opt/a\nb' });
    expect(planned(keep, systemWith([], [broken]))).toMatch(/^qemu-arm cannot be kept at boot\. /);
  });
});

describe('no longer keeping at boot', () => {
  test('removes our own file', () => {
    const own = fileWith('/etc/binfmt.d/qemu-arm.conf', [arm], { author: 'us' });
    expect(planned(drop, systemWith([own]))).toEqual([
      {
        ...armFile,
        before: { kind: 'text', text: own.text },
        after: { kind: 'absent' },
      },
    ]);
  });

  test('masks where a vendor’s file would come back into force', () => {
    const own = fileWith('/etc/binfmt.d/qemu-arm.conf', [arm], { author: 'us' });
    const hidden = { ...vendors, state: 'overridden', overriddenBy: own.path } as const;
    expect(planned(drop, systemWith([own, hidden]))).toEqual([
      expect.objectContaining({ after: { kind: 'masked' } }),
    ]);
    expect(planned(drop, systemWith([vendors]))).toEqual([
      {
        ...armFile,
        before: { kind: 'absent' },
        after: { kind: 'masked' },
      },
    ]);
  });

  test('shows first a file that also brings back something else', () => {
    const several = fileWith('/usr/lib/binfmt.d/qemu.conf', [arm, registrationOfTarget('sh4')]);
    const system = systemWith([several]);
    expect(planned(drop, system)).toMatch(
      /^\/usr\/lib\/binfmt\.d\/qemu\.conf was not written by this program/,
    );
    expect(planned({ ...drop, names: ['qemu-arm', 'qemu-sh4'] }, system)).toEqual([
      expect.objectContaining({ file: 'qemu.conf', after: { kind: 'masked' } }),
    ]);
  });

  test('is refused where nothing brings it back', () => {
    expect(planned(drop, systemWith([]))).toBe('Nothing brings qemu-arm back at boot.');
    expect(planned(drop, systemWith([bootFile('qemu-arm.conf', null)]))).toBe(
      'Nothing brings qemu-arm back at boot.',
    );
  });
});

test('of two rules for one name the later one counts, and what is registered last comes first', () => {
  const sh4 = registrationOfTarget('sh4');
  const { boot } = systemWith([
    fileWith('/usr/lib/binfmt.d/a.conf', [arm, sh4]),
    fileWith('/usr/lib/binfmt.d/b.conf', [other]),
  ]);
  expect(desiredAtBoot(boot).map((one) => one.registration)).toEqual([other, sh4]);
});

test('what /etc/binfmt.d has under a name', () => {
  const { boot } = systemWith([
    vendors,
    bootFile('masked.conf', null),
    bootFile('mine.conf', 'text'),
    bootFile('elsewhere.conf', 'text', { link: '../mine' }),
    bootFile('pipe.conf', null, { link: null }),
  ]);
  expect(bootFileContent({ directory: BINFMT_D, file: 'qemu-arm.conf' }, boot)).toEqual({ kind: 'absent' });
  expect(bootFileContent({ directory: BINFMT_D, file: 'masked.conf' }, boot)).toEqual({ kind: 'masked' });
  expect(bootFileContent({ directory: BINFMT_D, file: 'mine.conf' }, boot)).toEqual({
    kind: 'text',
    text: 'text',
  });
  expect(bootFileContent({ directory: BINFMT_D, file: 'elsewhere.conf' }, boot)).toEqual({
    kind: 'link',
    target: '../mine',
  });
  expect(bootFileContent({ directory: BINFMT_D, file: 'pipe.conf' }, boot)).toBeNull();
});
