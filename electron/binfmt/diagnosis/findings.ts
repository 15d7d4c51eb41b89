import type { Entry } from '../entry.ts';
import type { Row, Snapshot } from '../snapshot.ts';
import { about } from './about.ts';
import { unregisterAction } from './action.ts';
import { brokenBootFiles, comesBackAtBoot, differsAtBoot } from './boot-rules.ts';
import { Facts, type FormatEntry, type UndiagnosedSnapshot } from './facts.ts';
import type { Finding } from './finding.ts';
import { credentials, disabled, preservedArgv0 } from './flag-rules.ts';
import { containers, emulatedInterpreter, interpretersStart, openToAll } from './interpreter-rules.ts';
import { hostsPrograms, leftByReplacement, nameAgainstPattern } from './matching-rules.ts';
import { shadowing } from './shadowing.ts';
import { stateOfSystem, targetsServedTwice } from './system-rules.ts';

type SystemRule = (facts: Facts) => readonly Finding[];
type EntryRule = (entry: FormatEntry, facts: Facts) => Finding | null;

const systemRules: readonly SystemRule[] = [
  stateOfSystem,
  targetsServedTwice,
  comesBackAtBoot,
  brokenBootFiles,
];

const entryRules: readonly EntryRule[] = [
  hostsPrograms,
  interpretersStart,
  emulatedInterpreter,
  openToAll,
  nameAgainstPattern,
  leftByReplacement,
  preservedArgv0,
  shadowing,
  containers,
  disabled,
  credentials,
  differsAtBoot,
];

/**
 * Everything that is to be said of a system: first of the whole, then of each entry in match order. An entry
 * without a finding is healthy. What a rule goes by stands at the rule.
 */
export function findingsOf(snapshot: UndiagnosedSnapshot): readonly Finding[] {
  const facts = new Facts(snapshot);
  return [
    ...systemRules.flatMap((rule) => rule(facts)),
    ...snapshot.entries.flatMap((entry) => findingsOfEntry(entry, facts)),
  ];
}

/** The snapshot with what is to be said of it: a row is Broken when the entry it shows is. */
export function withFindings(undiagnosed: UndiagnosedSnapshot): Snapshot {
  const findings = findingsOf(undiagnosed);
  const broken = new Set(
    findings.flatMap(({ breaks, subject }) => (breaks && subject.kind === 'entry' ? [subject.name] : [])),
  );
  const marked = (row: Row): Row =>
    row.entry !== null && broken.has(row.entry.name) ? { ...row, state: 'Broken' } : row;
  const { targets, formats } = undiagnosed;
  return { ...undiagnosed, targets: targets.map(marked), formats: formats.map(marked), findings };
}

function findingsOfEntry(entry: Entry, facts: Facts): readonly Finding[] {
  switch (entry.kind) {
    case 'magic':
    case 'extension':
      return entryRules.flatMap((rule) => rule(entry, facts) ?? []);
    case 'unreadable':
      return [
        about(entry, {
          id: 'unreadable',
          severity: 'warning',
          breaks: true,
          sentence: 'What the kernel says of it makes no sense to this program.',
          detail: entry.reason,
          action: unregisterAction(entry.name),
        }),
      ];
    case 'bpf':
      return []; // Only its BPF program knows what it takes.
  }
}
