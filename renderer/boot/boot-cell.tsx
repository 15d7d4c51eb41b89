import './boot.css';
import { bootWordOf, type Row } from '../../electron/ipc/contract.ts';

/** What the next start of the machine makes of a row. */
export function BootCell({ row }: { readonly row: Row }) {
  const { word, mark, says } = bootWordOf(row);
  return (
    <span className={`at-boot ${row.boot?.kind === 'kept' ? '' : 'muted'}`} title={says}>
      {word}
      {mark !== null && <span className="at-boot-mark">{mark}</span>}
    </span>
  );
}
