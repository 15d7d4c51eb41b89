import { capturesHost } from '../operations.ts';
import {
  formatRegisterLine,
  type MagicRegistration,
  problemOfNewInterpreter,
  problemsOfRegistration,
  type Registration,
} from '../register-line.ts';
import { failure, type Result, success } from '../result.ts';
import { entriesServing } from '../rows.ts';
import { targets } from '../targets.ts';
import { entryOfDesired, unknownFlagsOf } from './desired-entry.ts';
import { parseTypedBytes } from './typed-bytes.ts';

/** What people type to describe a format, field by field. */
export interface FormatFields {
  readonly name: string;
  readonly type: 'magic' | 'extension';
  /** Decimal digits, or nothing: 0. */
  readonly offset: string;
  /** Hex digits, or text with escapes. */
  readonly magic: string;
  /** The same, or nothing: every bit counts. */
  readonly mask: string;
  /** With its dot or without. */
  readonly extension: string;
  readonly interpreter: string;
  readonly flags: string;
}

/** Why a field cannot be taken; the field null where it is all of them together. */
export interface FormatProblem {
  readonly field: keyof FormatFields | null;
  readonly sentence: string;
}

export interface TypedFormat {
  readonly registration: Registration;
  /** What somebody should know before registering it, each in a sentence. */
  readonly warnings: readonly string[];
}

/**
 * The registration that the fields describe, or what is wrong with them. What the kernel takes is taken, but for
 * an interpreter without a full path, and for what would take the programs of this machine (as `uname -m` names
 * it). Whether the name is free and the interpreter there, the system decides.
 */
export function parseFormat(
  fields: FormatFields,
  machine: string,
): Result<TypedFormat, readonly FormatProblem[]> {
  const typed = fields.type === 'extension' ? typedExtension(fields) : typedMagic(fields);
  const path = problemOfNewInterpreter(fields.interpreter);
  const found = [...typed.problems];
  if (path !== null) found.push({ field: 'interpreter', sentence: path });
  for (const problem of problemsOfRegistration(typed.registration)) {
    if (!found.some(({ field }) => field === problem.field)) found.push(problem);
  }
  if (found.length > 0) return failure(found);

  const line = formatRegisterLine(typed.registration);
  if (!line.ok) return failure([{ field: null, sentence: line.problem }]);
  if (capturesHost(typed.registration, machine)) {
    const sentence = `It would take this machine’s own programs (${machine}), and nothing on it would start any more.`;
    return failure([{ field: 'magic', sentence }]);
  }
  return success({
    registration: typed.registration,
    warnings: [...typed.warnings, ...warningsOf(typed.registration)],
  });
}

interface Typed {
  readonly registration: Registration;
  readonly problems: readonly FormatProblem[];
  readonly warnings: readonly string[];
}

function typedExtension({ name, interpreter, flags, extension }: FormatFields): Typed {
  const registration: Registration = {
    kind: 'extension',
    name,
    interpreter,
    flags,
    extension: extension.replace(/^\./, ''),
  };
  return { registration, problems: [], warnings: [] };
}

function typedMagic(fields: FormatFields): Typed {
  const { name, interpreter, flags } = fields;
  const problems: FormatProblem[] = [];
  const warnings: string[] = [];
  const bytesOf = (field: 'magic' | 'mask'): string => {
    const bytes = parseTypedBytes(fields[field]);
    if (!bytes.ok) problems.push({ field, sentence: bytes.problem });
    else if (bytes.value.isText) warnings.push(`The ${field} was read as text: ${spaced(bytes.value.hex)}.`);
    return bytes.ok ? bytes.value.hex : '';
  };
  const magic = bytesOf('magic');
  const mask = fields.mask.trim() === '' ? null : bytesOf('mask');
  if (mask !== null && mask !== '' && magic !== '' && mask.length !== magic.length) {
    problems.push({ field: 'mask', sentence: differentLengths(magic, mask) });
  }
  const offset = fields.offset.trim();
  if (!/^(?:[+-]?\d+)?$/.test(offset)) {
    problems.push({ field: 'offset', sentence: 'The offset is a whole number, in decimal digits.' });
  }
  const registration: MagicRegistration = {
    kind: 'magic',
    name,
    interpreter,
    flags,
    // Without a zero that is negative: the kernel takes `-0`.
    offset: Number(offset) + 0,
    magic,
    mask: magic === '' ? null : mask,
  };
  return { registration, problems, warnings };
}

const differentLengths = (magic: string, mask: string): string =>
  `The mask has ${mask.length / 2} bytes, and the magic ${magic.length / 2}: it needs as many.`;

const spaced = (hex: string): string => (hex.match(/../g) ?? []).join(' ');

export const CREDENTIALS_RISK =
  'With flag C a set-uid program keeps its rights while the interpreter runs it: whoever controls the ' +
  'interpreter gets them.';

function warningsOf(registration: Registration): readonly string[] {
  const { name, interpreter, flags } = registration;
  const warnings: string[] = [];
  if (name !== name.trim()) warnings.push('The name begins or ends with a space.');
  if (interpreter !== interpreter.trim()) warnings.push('The path of the interpreter ends with a space.');
  if (registration.kind === 'extension' && registration.extension.includes('.')) {
    warnings.push(
      'It will never match: the kernel looks at what follows the last dot of a file’s name only.',
    );
  }
  if (flags.includes('C')) {
    warnings.push(CREDENTIALS_RISK);
  }
  if (flags.includes('P')) {
    warnings.push('With flag P the interpreter gets one argument more, and must know what to do with it.');
  }
  const uncertain = [...new Set(flags)].filter((flag) => !'POCF'.includes(flag)).join('');
  if (uncertain !== '') warnings.push(unknownFlags(uncertain));
  const served = targetsTakenBy(registration);
  if (served.length > 0) warnings.push(`It takes programs of ${served.join(', ')}, as QEMU’s entries do.`);
  return warnings;
}

const unknownFlags = (flags: string): string =>
  unknownFlagsOf(flags) === ''
    ? `Only the newest kernels know flag ${flags}; others will refuse it.`
    : `This program does not know flag ${flags}; the kernel will refuse it unless it does.`;

function targetsTakenBy(registration: Registration): readonly string[] {
  const entry = entryOfDesired({ registration, enabled: true });
  return targets.filter((target) => entriesServing(target, [entry]).length > 0).map((target) => target.name);
}
