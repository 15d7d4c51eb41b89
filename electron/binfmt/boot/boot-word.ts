import type { Row } from '../snapshot.ts';
import type { RowBoot } from './boot-configuration.ts';

/** What the column At boot says of a row. */
export interface BootWord {
  readonly word: string;
  /** What makes it less than it seems, in a word; null where nothing does. */
  readonly mark: string | null;
  /** The whole of it, with the file's path. */
  readonly says: string;
}

/** What the next start of the machine makes of a row, in a word or two. */
export function bootWordOf({ boot }: Row): BootWord {
  if (boot === null)
    return { word: '—', mark: null, says: 'The next start of the machine registers nothing.' };
  switch (boot.kind) {
    case 'until-restart':
      return { word: 'until restart', mark: null, says: 'Nothing brings it back at boot.' };
    case 'refused':
      return {
        word: 'refused',
        mark: null,
        says: `${placeOf(boot)} has it registered at boot, in vain. ${boot.why}`,
      };
    case 'comes-back':
      return { word: 'comes back', mark: null, says: `${placeOf(boot)} registers it at boot.` };
    case 'kept':
      return wordOfKept(boot);
  }
}

type Kept = Extract<RowBoot, { kind: 'kept' }>;

function wordOfKept(boot: Kept): BootWord {
  if (!boot.service) {
    return { word: 'file unread', mark: null, says: `No service on this machine reads ${boot.rule.path}.` };
  }
  const says = `${placeOf(boot)} brings it back.`;
  return boot.differs === null
    ? { word: 'kept', mark: null, says }
    : { word: 'kept', mark: 'differs', says: `${says} ${boot.differs}` };
}

const placeOf = ({ rule }: Exclude<RowBoot, { kind: 'until-restart' }>): string =>
  rule.by === 'binfmt-support' ? rule.path : `${rule.path}, line ${rule.line},`;

const order = ['kept', 'file unread', 'until restart', 'refused', 'comes back', '—'];

/** Sorts kept ones first, those that differ behind those that do not. */
export function compareAtBoot(one: Row, other: Row): number {
  const [first, second] = [bootWordOf(one), bootWordOf(other)];
  return (
    order.indexOf(first.word) - order.indexOf(second.word) ||
    Number(first.mark !== null) - Number(second.mark !== null)
  );
}
