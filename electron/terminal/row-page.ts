import { bootSentences } from '../binfmt/boot/boot-sentences.ts';
import { describeFlag, describeInterpreter, describeState, NO_FLAGS } from '../binfmt/describe-row.ts';
import { type Finding, findingsOfRow, type Severity, severities } from '../binfmt/diagnosis/finding.ts';
import { AS_IF_ELF, type FieldReading, meaningOf, readElfMagic } from '../binfmt/elf-description.ts';
import type { Entry } from '../binfmt/entry.ts';
import { bytesOfHex } from '../binfmt/hex.ts';
import type { Row, Snapshot } from '../binfmt/snapshot.ts';
import { commandsFor, commandToEnable } from './commands-for.ts';
import { Page } from './page.ts';
import { printable } from './printable.ts';
import { stateStyles } from './table.ts';
import type { Terminal } from './terminal.ts';

/** All there is to know of a row, as the window's inspector has it. `packageName` is the interpreter's. */
export function formatRow(
  row: Row,
  snapshot: Snapshot,
  packageName: string | null,
  terminal: Pick<Terminal, 'columns' | 'paint' | 'lineAsRoot'>,
): Promise<string> {
  const page = new Page(terminal);
  const { entry, interpreter, registerLine } = row;
  const style = stateStyles[row.state];
  const state = style === undefined ? row.state : terminal.paint(style, row.state);
  page.line(`${terminal.paint('bold', printable(row.name))} · ${printable(row.label)} · ${state}`);
  page.sentence(describeState(row, snapshot));
  page.section(
    'To make it run',
    [commandToEnable(row, snapshot, terminal)].filter((line) => line !== null),
  );
  for (const finding of inOrder(findingsOfRow(snapshot.findings, row)))
    addFinding(page, finding, snapshot, terminal);
  page.sentences('At boot', bootSentences(row, snapshot.boot));
  if (interpreter !== null) {
    const facts = describeInterpreter(interpreter, entry);
    const origin = packageName === null ? [] : [`from ${packageName}`];
    page.section('Interpreter', [interpreter.path, [...facts, ...origin].join(' · ')]);
  }
  if (row.entryNames.length > 1) page.section('Entries, in the order the kernel tries them', row.entryNames);
  if (entry !== null) addEntry(page, entry);
  if (registerLine !== null) {
    page.section(entry === null ? 'Register line, as it would be' : 'Register line', [registerLine]);
  }
  if (entry !== null && entry.text !== '') {
    page.section('What the kernel says', entry.text.trimEnd().split('\n'));
  }
  return page.format();
}

const titles: Readonly<Record<Severity, string>> = { error: 'Problem', warning: 'Warning', info: 'Note' };

const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity));

function addFinding(
  page: Page,
  { severity, sentence, detail, action }: Finding,
  snapshot: Snapshot,
  terminal: Pick<Terminal, 'lineAsRoot'>,
): void {
  page.sentences(titles[severity], detail === '' ? [sentence] : [sentence, detail]);
  if (action !== null) page.section('What mends it', commandsFor(action, snapshot, terminal));
}

function addEntry(page: Page, entry: Entry): void {
  switch (entry.kind) {
    case 'magic':
      addFlags(page, entry.flags);
      addMagic(page, entry.magic, entry.mask, entry.offset);
      break;
    case 'extension':
      addFlags(page, entry.flags);
      page.section('Extension', [`files whose name ends in .${entry.extension}`]);
      break;
    case 'bpf':
      page.section('BPF program', [
        ...entry.unknownLines.map((line) => line.replace(/^bpf /, '')),
        'Which files it takes only this program knows.',
      ]);
      if (entry.flags !== '') addFlags(page, entry.flags);
      break;
    case 'unreadable':
      break;
  }
}

const addFlags = (page: Page, flags: string): void =>
  page.section(
    'Flags',
    flags === '' ? [NO_FLAGS] : [...flags].map((flag) => `${flag}  ${describeFlag(flag)}`),
  );

const BYTES_A_LINE = 16;

/** Magic over mask, byte by byte, and the fields of the ELF header they lie over. */
function addMagic(page: Page, magic: string, mask: string | null, offset: number): void {
  const lines: string[] = [];
  for (let at = 0; at < magic.length / 2; at += BYTES_A_LINE) {
    const bytesOf = (hex: string): string =>
      (hex.slice(2 * at, 2 * (at + BYTES_A_LINE)).match(/../g) ?? []).join(' ');
    lines.push(`${hexByte(offset + at)}  ${bytesOf(magic)}`);
    if (mask !== null) lines.push(`    ${bytesOf(mask)}`);
  }
  const reading = readElfMagic(bytesOfHex(magic), mask === null ? null : bytesOfHex(mask), offset);
  page.section(`Magic${mask === null ? ', every bit counts' : ' over mask'}, from offset ${offset}`, [
    ...lines,
    ...(reading === null || reading.asksForElf ? [] : [AS_IF_ELF]),
    ...(reading?.fields.map(fieldLine) ?? []),
  ]);
}

function fieldLine(reading: FieldReading): string {
  const { field, from, size } = reading;
  const range = size === 1 ? hexByte(from) : `${hexByte(from)}–${hexByte(from + size - 1)}`;
  return `${range.padEnd(7)}${field.name.padEnd(15)}${meaningOf(reading)}`;
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
