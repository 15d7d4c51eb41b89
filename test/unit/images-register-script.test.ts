import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { describe, expect, test } from 'vitest';
import { takes } from '../../electron/binfmt/matcher.ts';
import { parseRegisterLine } from '../../electron/binfmt/register-line.ts';
import { nativeHeads, sampleHeads } from '../../electron/binfmt/sample-files.ts';
import { familyOfMachine, targets } from '../../electron/binfmt/targets.ts';
import { registerScript } from '../../electron/images/register-script.ts';

const hosts = ['x86_64', 'i686', 'aarch64', 'armv7l', 'ppc64le', 'ppc64', 's390x', 'riscv64', 'mips64'];

/** The magic and mask of each target that the script knows. */
const patternsIn = (script: string): ReadonlyMap<string, string> =>
  new Map(
    [...script.matchAll(/^ {4}(\w+)\) pattern='([^']*)' emulator=\w+ ;;$/gm)].map(
      ([, name = '', pattern = '']) => [name, pattern],
    ),
  );

describe.each(hosts)('the register program of an image for %s', (host) => {
  const script = registerScript(host);
  const patterns = patternsIn(script);

  test('knows every target of another family, and none of its own', () => {
    const foreign = targets.filter((target) => target.family !== familyOfMachine(host));
    expect([...patterns.keys()]).toEqual(foreign.map(({ name }) => name));
  });

  test('registers what the table of targets says', () => {
    for (const [name, pattern] of patterns) {
      const registration = parseRegisterLine(`:qemu-${name}:M::${pattern}:/x:`);
      expect(registration).toMatchObject({
        ok: true,
        value: {
          magic: targets.find((target) => target.name === name)?.magic,
          mask: targets.find((target) => target.name === name)?.mask,
        },
      });
    }
  });

  test('takes no program of the host itself', () => {
    const own = targets.filter((target) => target.family === familyOfMachine(host)).flatMap(sampleHeads);
    const heads = host === os.machine() ? [...own, ...nativeHeads(host)] : own;
    expect(heads.length).toBeGreaterThan(0);
    for (const [name, pattern] of patterns) {
      const registration = parseRegisterLine(`:qemu-${name}:M::${pattern}:/x:`);
      if (!registration.ok) throw new Error(registration.problem);
      for (const head of heads) expect(takes(registration.value, { head, path: '' }), name).toBe(false);
    }
  });

  test('is a script that a shell can read', () => {
    execFileSync('sh', ['-n'], { input: script });
  });
});
