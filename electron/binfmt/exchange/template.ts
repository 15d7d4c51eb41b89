import { isDeepStrictEqual } from 'node:util';
import { type FormatFields, registerLineOf } from '../boot/format-file.ts';
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
  const fields = formatFieldsOf(registration);
  if (!fields.ok) return fields;
  const { interpreter, credentials, preserve, fix_binary } = fields.value;
  const [what, ...matching] = matchingOf(fields.value);
  const lines = [
    `package ${registration.name}`,
    `interpreter ${interpreter}`,
    what,
    ...matching,
    `credentials ${credentials}`,
    `preserve ${preserve}`,
    `fix_binary ${fix_binary}`,
  ];
  return success(asQemuEscapes(registration, `${lines.join('\n')}\n`));
}

function matchingOf({ type, magic, mask, offset }: OwnFields): readonly string[] {
  if (type === 'extension') return [`extension ${magic}`];
  return [
    ...(offset === '0' ? [] : [`offset ${offset}`]),
    `magic ${magic}`,
    ...(mask === '' ? [] : [`mask ${mask}`]),
  ];
}

type OwnFields = Omit<FormatFields, 'package'>;

/** The fields with which binfmt-support registers this, or a sentence saying why there are none. */
export function formatFieldsOf(registration: Registration): Result<OwnFields, string> {
  const { name, interpreter } = registration;
  const flags = printedFlags(registration.flags);
  const values = [name, interpreter, registration.kind === 'extension' ? registration.extension : ''];
  // It separates the fields of every register line with colons, and strips white space at the ends of its lines.
  if (values.some((value) => value.includes(':'))) {
    return failure('What holds a colon cannot be registered by binfmt-support.');
  }
  if (values.some((value) => /[\n\0]|[ \t\v\f\r]$/.test(value))) {
    return failure('What holds a line break or ends in white space cannot be registered by binfmt-support.');
  }
  if (flags.includes('O') && !flags.includes('C')) {
    return failure('Flag O without C is not known to binfmt-support.');
  }
  const unknown = flags.replace(/[POCF]/g, '');
  if (unknown !== '') return failure(`Flag ${unknown} is not known to binfmt-support.`);
  const fields: OwnFields = {
    type: registration.kind,
    ...(registration.kind === 'extension'
      ? { offset: '0', magic: registration.extension, mask: '' }
      : {
          offset: String(registration.offset),
          magic: escapedMagic(registration.magic),
          mask: registration.mask === null ? '' : escapedMask(registration.mask),
        }),
    interpreter,
    detector: '',
    credentials: yesOrNo(flags.includes('C')),
    preserve: yesOrNo(flags.includes('P')),
    fix_binary: yesOrNo(flags.includes('F')),
  };
  const length = encodeBytes(`${registerLineOf(name, fields)}\n`).length;
  return length > registrationLimits.longestLine
    ? failure('The register line that it would make is longer than the kernel takes.')
    : success(fields);
}

const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no');

function matchesTheSame(one: Registration, other: Registration): boolean {
  const common = { name: '', interpreter: '', flags: '' };
  return isDeepStrictEqual({ ...one, ...common }, { ...other, ...common });
}
