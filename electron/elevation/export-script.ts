import { encodeBytes } from '../binfmt/bytes.ts';
import { fieldsTextOf } from '../binfmt/entry.ts';
import { type DesiredEntry, entryOfDesired } from '../binfmt/exchange/desired-entry.ts';
import type { Exported } from '../binfmt/exchange/exported.ts';
import { formatRegisterLine, type Registration } from '../binfmt/register-line.ts';
import { trialNameOf, trialOf } from '../binfmt/trial.ts';
import fixedPart from './export-script.sh?raw';
import { shellQuote } from './shell-quote.ts';

/**
 * A script that registers these entries on any machine, without this program: always the same text, and one
 * line of data for each entry, the oldest first. It is ASCII, whatever the entries are called.
 */
export function scriptFileOf(desired: readonly DesiredEntry[], name = 'register-formats.sh'): Exported {
  const commands: string[] = [];
  const notCarried: string[] = [];
  for (const one of [...desired].reverse()) {
    const line = formatRegisterLine(one.registration);
    if (line.ok) commands.push(commandOf(one, line.value));
    else notCarried.push(`${one.registration.name} cannot be registered. ${line.problem}`);
  }
  const text = [fixedPart, ...commands, '', 'exit "$status"', ''].join('\n');
  return { files: [{ name, text }], notCarried };
}

function commandOf(desired: DesiredEntry, line: string): string {
  const { registration, enabled } = desired;
  const words = [
    registration.name,
    enabled ? 'enabled' : 'disabled',
    line,
    trialNameOf(registration.name),
    trialLineOf(registration),
    fieldsTextOf(entryOfDesired(desired)),
    registration.flags.includes('F') ? registration.interpreter : '',
    ...matchingOf(registration),
  ];
  return ['entry', ...words.map((word) => shellQuote(encodeBytes(word)))].join(' ');
}

/** The line that tries it under another name; none where that is too long. */
function trialLineOf(registration: Registration): string {
  const line = formatRegisterLine(trialOf(registration));
  return line.ok ? line.value : '';
}

const matchingOf = (registration: Registration): readonly string[] =>
  registration.kind === 'magic'
    ? [String(registration.offset), registration.magic, registration.mask ?? '']
    : [];
