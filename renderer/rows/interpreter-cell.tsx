import type { Row } from '../../electron/ipc/contract.ts';
import type { RowPart } from './columns.tsx';

/** The interpreter's path, whether it is there, and QEMU's version. */
export function InterpreterCell({ row }: RowPart) {
  const { interpreter } = row;
  if (row.state === 'Native') return <span className="muted">this machine runs it itself</span>;
  if (interpreter === null) return <span className="muted">—</span>;
  const isProblem = row.entry !== null && interpreter.file !== 'executable';
  const className = isProblem ? 'path state-bad' : row.entry === null ? 'path muted' : 'path';
  return (
    <span className="interpreter">
      <span className={className} title={interpreter.path}>
        <bdi dir="ltr">{interpreter.path}</bdi>
      </span>
      <span className="interpreter-note">{noteOf(interpreter)}</span>
    </span>
  );
}

function noteOf({ file, qemuVersion }: NonNullable<Row['interpreter']>): string {
  switch (file) {
    case 'missing':
      return 'missing';
    case 'not-executable':
    case 'noexec':
      return 'not executable';
    case 'hidden':
      return 'not to be seen by you';
    case 'executable':
      return qemuVersion ?? '';
  }
}
