import { isDeepStrictEqual } from 'node:util';
import { encodeBytes } from '../bytes.ts';
import { printedFlags } from '../entry.ts';
import { mayTakeTheSameFile } from '../matcher.ts';
import { escapedMagic, escapedMask, type Registration, registrationLimits } from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';
import type { DesiredEntry } from './desired-entry.ts';
import type { Exported, ExportedFile } from './exported.ts';
import { asQemuEscapes } from './qemu-escapes.ts';

/**
 * Templates for binfmt-support (update-binfmts(8), “FORMAT FILES”), a file for each, named after its entry; as
 * `qemu-binfmt-conf.sh --debian` writes them.
 */
export function templateFilesOf(desired: readonly DesiredEntry[]): Exported {
  const files: ExportedFile[] = [];
  const notCarried: string[] = [];
  const written: Registration[] = [];
  let rivals: readonly [Registration, Registration] | null = null;
  for (const { registration, enabled } of desired) {
    const { name } = registration;
    const template = templateOf(registration);
    if (!template.ok) {
      notCarried.push(`${name} cannot be written into a template of binfmt-support. ${template.problem}`);
      continue;
    }
    files.push({ name, text: template.value });
    if (!enabled) notCarried.push(`${name} is disabled, which a template cannot say: it will be enabled.`);
    const twin = written.find((one) => matchesTheSame(one, registration));
    const rival = written.find((one) => mayTakeTheSameFile(one, registration));
    if (twin !== undefined) notCarried.push(twins(twin, registration));
    else if (rival !== undefined) rivals ??= [rival, registration];
    written.push(registration);
  }
  return { files, notCarried, remarks: rivals === null ? [] : [rivalry(...rivals)] };
}

const twins = (one: Registration, other: Registration): string =>
  `${one.name} and ${other.name} match the same files: binfmt-support will put a program of its own in front ` +
  'of their interpreters, and register none of them with F.';

const rivalry = (one: Registration, other: Registration): string =>
  'binfmt-support does not say in which order it tries entries that can match the same file, such as ' +
  `${one.name} and ${other.name}.`;

/** The template that makes binfmt-support register this, or a sentence saying why there is none. */
export function templateOf(registration: Registration): Result<string, string> {
  const { name, interpreter } = registration;
  const flags = printedFlags(registration.flags);
  const [what, ...matching] = matchingOf(registration);
  const values = [name, interpreter, registration.kind === 'extension' ? registration.extension : ''];
  // It separates the fields of every register line with colons, and strips white space at the ends of its lines.
  if (values.some((value) => value.includes(':'))) return failure('It cannot register what holds a colon.');
  if (values.some((value) => /[\n\0]|[ \t\v\f\r]$/.test(value))) {
    return failure('It cannot register what holds a line break or ends in white space.');
  }
  if (flags.includes('O') && !flags.includes('C')) return failure('It knows no flag O without C.');
  const unknown = flags.replace(/[POCF]/g, '');
  if (unknown !== '') return failure(`It knows no flag ${unknown}.`);
  const length = lineLengthOf(registration, flags.replace('O', ''));
  if (length > registrationLimits.longestLine) {
    return failure('The register line that it would make is longer than the kernel takes.');
  }
  const lines = [
    `package ${name}`,
    `interpreter ${interpreter}`,
    what,
    ...matching,
    `credentials ${yesOrNo(flags.includes('C'))}`,
    `preserve ${yesOrNo(flags.includes('P'))}`,
    `fix_binary ${yesOrNo(flags.includes('F'))}`,
  ];
  return success(asQemuEscapes(registration, `${lines.join('\n')}\n`));
}

const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no');

function matchingOf(registration: Registration): readonly string[] {
  if (registration.kind === 'extension') return [`extension ${registration.extension}`];
  const { magic, mask, offset } = registration;
  return [
    ...(offset === 0 ? [] : [`offset ${offset}`]),
    `magic ${escapedMagic(magic)}`,
    ...(mask === null ? [] : [`mask ${escapedMask(mask)}`]),
  ];
}

/** The bytes of the line that update-binfmts writes: escapes only, always an offset, and a line break. */
function lineLengthOf(registration: Registration, flags: string): number {
  const { name, interpreter } = registration;
  const matching =
    registration.kind === 'extension'
      ? ['E', '0', registration.extension, '']
      : [
          'M',
          String(registration.offset),
          escapedMagic(registration.magic),
          registration.mask === null ? '' : escapedMask(registration.mask),
        ];
  return encodeBytes(`${['', name, ...matching, interpreter, flags].join(':')}\n`).length;
}

function matchesTheSame(one: Registration, other: Registration): boolean {
  const common = { name: '', interpreter: '', flags: '' };
  return isDeepStrictEqual({ ...one, ...common }, { ...other, ...common });
}
