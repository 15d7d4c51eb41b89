import type { Entry } from '../entry.ts';
import { type FormatEntry, soleTargetOf } from './facts.ts';
import type { Finding } from './finding.ts';

/** A finding about an entry, with the target it is for where it is for one. */
export function about(entry: Entry, rest: Omit<Finding, 'subject'>): Finding {
  const target = soleTargetOf(entry);
  return {
    ...(target === null ? {} : { target: target.name }),
    ...rest,
    subject: { kind: 'entry', name: entry.name },
  };
}

/** A finding that no program runs through an entry, or would run were it enabled. */
export const breaking = (
  entry: FormatEntry,
  rest: Omit<Finding, 'subject' | 'severity' | 'breaks'>,
): Finding => about(entry, { ...rest, severity: entry.enabled ? 'error' : 'warning', breaks: true });
