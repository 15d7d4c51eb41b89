import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation, Plan } from '../../electron/binfmt/operations.ts';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { buildScript } from '../../electron/elevation/script.ts';
import { LONGEST_ARGUMENT, packedCommandOf } from '../../electron/elevation/script-command.ts';
import { byteText, registration } from '../support/arbitraries.ts';
import { magicEntry, registrationOfTarget } from '../support/example-data.ts';

const TOKEN = '0123456789abcdef';
/** The lines of data behind the part that is always the same. */
const dataOf = (script: string): readonly string[] =>
  script
    .slice(script.indexOf('\ntoken=') + 1)
    .trimEnd()
    .split('\n');

const name = byteText({ minLength: 1, maxLength: 40 }, '/');
const operation: fc.Arbitrary<Operation> = fc.oneof(
  registration
    .filter((one) => formatRegisterLine(one).ok)
    .map((one) => ({ kind: 'register', registration: one }) as const),
  fc.record({ kind: fc.constantFrom('unregister', 'enable', 'disable'), name }),
  fc.record({ kind: fc.constant('switch-master'), on: fc.boolean() }),
  fc.constant({ kind: 'mount' } as const),
) as fc.Arbitrary<Operation>;

describe('the script for a plan', () => {
  test('has one line of data for each operation', () => {
    const plan: Plan = [
      { kind: 'mount' },
      {
        kind: 'register',
        registration: { kind: 'extension', name: 'jar', extension: 'jar', interpreter: '/j', flags: '' },
      },
      { kind: 'disable', name: "a'b" },
      { kind: 'enable', name: 'a\nb' },
      { kind: 'unregister', name: '$(reboot)' },
      { kind: 'switch-master', on: true },
      { kind: 'switch-master', on: false },
    ];
    expect(dataOf(buildScript(plan, TOKEN, []))).toEqual([
      `token='${TOKEN}'`,
      '',
      'carry_out 1 mount_it',
      "carry_out 2 register ':jar:E::jar::/j:'",
      "carry_out 3 set_entry 0 'a'\\''b'",
      "carry_out 4 set_entry 1 $'a\\x0ab'",
      "carry_out 5 set_entry -1 '$(reboot)'",
      'carry_out 6 set_status 1',
      'carry_out 7 set_status 0',
    ]);
  });

  test('tells root what an entry must still say, until the plan itself registers it anew', () => {
    const entry = magicEntry({ name: 'x', magic: 'f0', mask: null });
    const fields = "$'interpreter /usr/bin/qemu-aarch64-static\\x0aflags: F\\x0aoffset 0\\x0amagic f0\\x0a'";
    const again = { kind: 'register', registration: registrationOfTarget('arm', { name: 'x' }) } as const;
    const plan: Plan = [
      { kind: 'disable', name: 'x' },
      { kind: 'unregister', name: 'x' },
      again,
      { kind: 'disable', name: 'x' },
    ];
    const data = dataOf(buildScript(plan, TOKEN, [entry]));
    expect(data[2]).toBe(`carry_out 1 set_entry 0 'x' ${fields}`);
    expect(data[3]).toBe(`carry_out 2 set_entry -1 'x' ${fields}`);
    expect(data[5]).toBe("carry_out 4 set_entry 0 'x'");
  });

  test('is plain ASCII in a fixed shape, whatever the plan holds', () => {
    const fixed = buildScript([], TOKEN, []);
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 6 }), (plan) => {
        const script = buildScript(plan, TOKEN, []);
        expect(script).toMatch(/^[\n -~]*$/);
        expect(script.startsWith(fixed.trimEnd())).toBe(true);
        const data = dataOf(script).slice(2);
        expect(data).toHaveLength(plan.length);
        data.forEach((line, index) => {
          expect(line).toMatch(
            new RegExp(
              `^carry_out ${index + 1} (mount_it|set_status [01]|register \\$?'.*'|set_entry (-1|0|1) \\$?'.*')$`,
            ),
          );
        });
      }),
      { numRuns: 150 },
    );
  });

  test('is never made for a line that the kernel would not take', () => {
    const plan: Plan = [{ kind: 'register', registration: registrationOfTarget('arm', { interpreter: '' }) }];
    expect(() => buildScript(plan, TOKEN, [])).toThrow('The interpreter is missing.');
  });

  test('has room for all targets at once', () => {
    const plan: Plan = targets.map((target) => ({
      kind: 'register',
      registration: registrationOfTarget(target.name),
    }));
    expect(packedCommandOf(buildScript(plan, TOKEN, [])).length).toBeLessThan(LONGEST_ARGUMENT / 4);
  });
});
