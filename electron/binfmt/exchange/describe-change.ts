import { type Entry, isEnabled, registrationOf, saysTheSame } from '../entry.ts';
import type { Registration } from '../register-line.ts';
import { type DesiredEntry, entryOfDesired } from './desired-entry.ts';

/** What is registered anew: `It is registered with /usr/bin/qemu-arm-static, flags F.` */
export function describeAddition(desired: DesiredEntry): string {
  const { interpreter, flags } = printed(desired);
  const state = desired.enabled ? '' : ', disabled';
  return `It is registered with ${interpreter}, ${flags === '' ? 'no flags' : `flags ${flags}`}${state}.`;
}

/** What changes about an entry: `Interpreter /a instead of /b; disabled.` Null when nothing does. */
export function describeChange(
  before: Entry,
  desired: DesiredEntry,
  { isMoved, isOutdated }: { readonly isMoved: boolean; readonly isOutdated: boolean },
): string | null {
  const isSame = saysTheSame(before, entryOfDesired(desired));
  const changes = isSame ? [] : fieldChanges(before, printed(desired));
  if (isSame && isOutdated) changes.push('its interpreter opened anew, for the file was replaced since');
  if (isEnabled(before) !== desired.enabled) changes.push(desired.enabled ? 'enabled' : 'disabled');
  if (isMoved) changes.push('tried before entries that can take the same files, no longer after them');
  if (changes.length === 0) return null;
  const text = changes.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The registration with its flags as the kernel prints them. */
const printed = (desired: DesiredEntry): Registration =>
  registrationOf(entryOfDesired(desired)) ?? desired.registration;

function fieldChanges(before: Entry, to: Registration): string[] {
  const from = registrationOf(before);
  if (from === null) return ['registered anew'];
  const changes = [
    ...instead('interpreter', from.interpreter, to.interpreter),
    ...instead('flags', from.flags || 'none', to.flags || 'none'),
    ...matchingChanges(from, to),
  ];
  return changes.length > 0 ? changes : ['registered anew'];
}

function matchingChanges(from: Registration, to: Registration): string[] {
  if (from.kind === 'magic' && to.kind === 'magic') {
    return [
      ...(from.magic === to.magic ? [] : ['another magic']),
      ...(from.mask === to.mask ? [] : ['another mask']),
      ...instead('offset', String(from.offset), String(to.offset)),
    ];
  }
  return instead('', matchedBy(from), matchedBy(to));
}

const matchedBy = (registration: Registration): string =>
  registration.kind === 'magic' ? 'a magic' : `extension .${registration.extension}`;

const instead = (field: string, from: string, to: string): string[] =>
  from === to ? [] : [`${field} ${to} instead of ${from}`.trimStart()];
