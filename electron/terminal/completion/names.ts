import { type Entry, isEnabled } from '../../binfmt/entry.ts';
import { type Row, registrableTargets, type Snapshot } from '../../binfmt/snapshot.ts';
import { allTargetNames, targetCalled } from '../../binfmt/target-names.ts';
import { printable } from '../printable.ts';
import { ALL, wordForEntry } from '../words.ts';
import type { Candidate, NameCandidates } from './complete.ts';

/** The targets and entries of a system for the places they can stand in. */
export function namesIn({ targets, entries, ...rest }: Snapshot): NameCandidates {
  const rows = targets.filter((row) => row.isTarget);
  const of = (isRow: (row: Row) => boolean, isEntry: (entry: Entry) => boolean): readonly Candidate[] => [
    ...rows.filter(isRow).map(({ name, label }) => ({ word: name, description: label })),
    // What a terminal cannot show cannot be chosen in it.
    ...entries.filter((entry) => isEntry(entry) && printable(entry.name) === entry.name).map(candidateOf),
  ];
  return async (completes, typed) => {
    switch (completes) {
      case 'registrable': {
        const free = registrableTargets({ targets, entries, ...rest });
        const own = free.map(({ name, label }) => ({ word: name, description: label }));
        return [everything, ...own, ...(typed === '' ? [] : otherNames(own))];
      }
      case 'registered':
        return [
          everything,
          ...of(
            (row) => row.entryNames.length > 0,
            () => true,
          ),
        ];
      case 'enabled':
        return of((row) => row.state === 'Enabled', isEnabled);
      case 'disabled':
        return of(
          (row) => row.state === 'Disabled',
          (entry) => !isEnabled(entry),
        );
      case 'emulators':
        return [
          everything,
          ...of(
            (row) => row.installed?.linkage === 'static',
            () => false,
          ),
        ];
      case 'targets': {
        const own = rows.map(({ name, label }) => ({ word: name, description: label }));
        return [...own, ...(typed === '' ? [] : otherNames(own))];
      }
      case 'rows':
        return of(
          () => true,
          () => true,
        );
    }
  };
}

const everything: Candidate = { word: ALL, description: 'all of them' };

const candidateOf = ({ name }: Entry): Candidate => ({ word: wordForEntry(name), description: 'entry' });

/** Docker's and Debian's names, and those of targets that are not offered: somebody may know better. */
const otherNames = (offered: readonly Candidate[]): readonly Candidate[] =>
  allTargetNames
    .filter((name) => !offered.some(({ word }) => word === name))
    .map((name) => ({ word: name, description: targetCalled(name)?.label ?? '' }));
