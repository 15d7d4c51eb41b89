import type { BinfmtMiscState, Row, Snapshot } from '../binfmt/snapshot.ts';

const headings = ['TARGET', 'STATE', 'INTERPRETER', 'FLAGS'] as const;

/** The window's tables as text: a line a row, columns aligned with spaces, ending in a line break. */
export function formatTable(snapshot: Snapshot): string {
  const rows = [...snapshot.targets, ...snapshot.formats].map(cellsOf);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const lines = [headings, ...rows].map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const { machine, kernelRelease } = snapshot.host;
  return `${machine} · Linux ${kernelRelease} · ${stateSentences[snapshot.binfmtMisc]}\n\n${lines.join('\n')}\n`;
}

const stateSentences: Readonly<Record<BinfmtMiscState, string>> = {
  on: 'binfmt_misc is on',
  off: 'binfmt_misc is switched off: no registered format runs',
  'not-mounted': 'binfmt_misc is not mounted: no registered format runs',
  'not-loaded': 'the kernel module binfmt_misc is not loaded: no registered format runs',
  unsupported: 'this kernel has no binfmt_misc: no format can be registered',
};

function cellsOf(row: Row): readonly string[] {
  const flags = row.entry !== null && 'flags' in row.entry ? row.entry.flags : '';
  const missing = row.entry !== null && row.interpreter?.file === 'missing' ? ' (missing)' : '';
  const version = row.interpreter?.qemuVersion ? ` (QEMU ${row.interpreter.qemuVersion})` : '';
  return [row.name, row.state, `${row.interpreter?.path ?? '-'}${missing}${version}`, flags || '-'].map(
    printable,
  );
}

/** Names and paths are anyone's bytes: a terminal must not take them for commands. */
const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace.
  text.replace(/[\x00-\x1f\x7f-\x9f\ud800-\udfff]/g, '?');
