import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { Explanation } from '../../electron/ipc/contract.ts';

const good = {
  question: 'Why does this file run?',
  icon: CircleCheck,
  iconClass: 'state-good',
  className: 'explain-verdict-good',
} as const;

const bad = {
  question: 'Why does this file not run?',
  icon: CircleX,
  iconClass: 'state-bad',
  className: 'explain-verdict-bad',
} as const;

/** Where nobody can tell, neither is claimed. */
const open = {
  question: 'Why does this file run or not?',
  icon: CircleHelp,
  iconClass: '',
  className: 'explain-verdict-open',
} as const;

/** How an explanation is headed and marked. */
export function lookOf({ outcome }: Pick<Explanation, 'outcome'>): typeof good | typeof bad | typeof open {
  switch (outcome.kind) {
    case 'runs-natively':
    case 'runs-under':
      return good;
    case 'stops-under':
    case 'starts-library':
    case 'fails':
      return bad;
    case 'unknown':
      return open;
  }
}
