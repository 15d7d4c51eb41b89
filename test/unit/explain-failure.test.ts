import { describe, expect, test } from 'vitest';
import type { Operation } from '../../electron/binfmt/operations.ts';
import type { Registration } from '../../electron/binfmt/register-line.ts';
import type { Snapshot } from '../../electron/binfmt/snapshot.ts';
import { explainFailure } from '../../electron/elevation/explain-failure.ts';
import { exampleSnapshot, magicEntry, registrationOfTarget } from '../support/example-data.ts';

const registering = (changes: Partial<Registration> = {}): Operation => ({
  kind: 'register',
  registration: { ...registrationOfTarget('arm'), ...changes } as Registration,
});
const enable: Operation = { kind: 'enable', name: 'x' };
const unregister: Operation = { kind: 'unregister', name: 'x' };
const mount: Operation = { kind: 'mount' };
const master: Operation = { kind: 'switch-master', on: true };
const written = (reason: string): string => `/bin/bash: line 27: printf: write error: ${reason}`;
const withX = exampleSnapshot({ entries: [magicEntry({ name: 'x', interpreter: '/opt/theirs' })] });

describe('a failure', () => {
  test.each<[string, Operation, string, Snapshot, string]>([
    [
      'of a name that is taken',
      registering({ name: 'x' }),
      written('File exists'),
      withX,
      'The name x is taken by an entry registered with /opt/theirs. Unregister that one first.',
    ],
    [
      'of a line the kernel does not take',
      registering({ flags: 'FT' }),
      written('Invalid argument'),
      exampleSnapshot(),
      'The kernel does not accept the register line of qemu-arm. It may be too old for one of the flags FT or for so long a magic.',
    ],
    [
      'of such a line without flags',
      registering({ flags: '' }),
      written('Invalid argument'),
      exampleSnapshot(),
      'The kernel does not accept the register line of qemu-arm. It may be too old for so long a magic.',
    ],
    [
      'of an interpreter that is not there',
      registering(),
      written('No such file or directory'),
      exampleSnapshot(),
      'qemu-arm was not registered: its interpreter /usr/bin/qemu-arm-static is not there. Install it and try again.',
    ],
    [
      'of an interpreter that is not executable',
      registering(),
      written('Permission denied'),
      exampleSnapshot(),
      'qemu-arm was not registered: its interpreter /usr/bin/qemu-arm-static is not executable. Make it executable and try again.',
    ],
    [
      'of any other kind of registering',
      registering(),
      written('Value too large'),
      exampleSnapshot(),
      'The kernel did not register qemu-arm: Value too large',
    ],
    [
      'of an entry that is gone',
      enable,
      'Entry is gone',
      exampleSnapshot(),
      'x is gone: somebody else removed it.',
    ],
    [
      'of an entry that somebody changed',
      unregister,
      'Entry was changed',
      withX,
      'x was left alone: somebody else changed it meanwhile. It is now registered with /opt/theirs. Try again if you still want to.',
    ],
    ['of what is no entry', enable, 'Not an entry', exampleSnapshot(), 'x is not the name of an entry.'],
    [
      'of any other kind of switching',
      enable,
      written('Input/output error'),
      exampleSnapshot(),
      'The kernel did not take the change of x: Input/output error',
    ],
    [
      'of the master switch',
      master,
      written('Input/output error'),
      exampleSnapshot(),
      'The master switch could not be set: Input/output error',
    ],
    [
      'of a directory that is not the kernel’s',
      registering(),
      'Not a binfmt_misc file system',
      exampleSnapshot(),
      'Nothing was written: /proc/sys/fs/binfmt_misc is not a mounted binfmt_misc file system. Mount it first.',
    ],
    [
      'of mounting',
      mount,
      'modprobe: FATAL: Module binfmt_misc not found.\nmount: unknown filesystem type',
      exampleSnapshot(),
      'binfmt_misc could not be mounted: mount: unknown filesystem type',
    ],
    [
      'of mounting without a word',
      mount,
      '',
      exampleSnapshot(),
      'binfmt_misc could not be mounted: mount said nothing',
    ],
    [
      'in a container that may not write',
      unregister,
      '/bin/bash: line 28: /proc/sys/fs/binfmt_misc/x: Read-only file system',
      exampleSnapshot(),
      '/proc/sys/fs/binfmt_misc is read-only here, as in most containers. Start this program on the host itself.',
    ],
    [
      'in a container that may not do it at all',
      enable,
      written('Operation not permitted'),
      exampleSnapshot(),
      'The kernel refused it even to root: Operation not permitted. In a container, start this program on the host.',
    ],
    [
      'for want of memory',
      registering(),
      written('Cannot allocate memory'),
      exampleSnapshot(),
      'The kernel has no memory left for it. Try again later.',
    ],
  ])('%s is explained', (_what, operation, message, snapshot, sentence) => {
    expect(explainFailure(operation, message, snapshot)).toBe(sentence);
  });
});
