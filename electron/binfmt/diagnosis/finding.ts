import type { Row } from '../snapshot.ts';
import type { Action } from './action.ts';

/** From the gravest to the least: programs do not run; some do not, or may not tomorrow; good to know. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

export type FindingId =
  | 'kernel-without-binfmt-misc'
  | 'module-not-loaded'
  | 'not-mounted'
  | 'master-switch-off'
  | 'served-twice'
  | 'unreadable'
  | 'left-by-replacement'
  | 'disabled'
  | 'interpreter-missing'
  | 'interpreter-not-executable'
  | 'interpreter-held-open'
  | 'interpreter-foreign'
  | 'interpreter-unusable'
  | 'interpreter-doubtful'
  | 'interpreter-emulated'
  | 'interpreter-not-for-all'
  | 'interpreter-dynamic'
  | 'not-in-containers'
  | 'preserve-argv0-not-understood'
  | 'preserve-argv0-expected'
  | 'credentials'
  | 'captures-host'
  | 'host-may-run-it'
  | 'matches-nothing'
  | 'takes-other-target'
  | 'shadowed'
  | 'shadowed-in-part'
  | 'boot-differs'
  | 'comes-back-at-boot'
  | 'boot-file-broken';

/** Those about an entry's interpreter that does not start, or not for sure. */
export const interpreterProblems: ReadonlySet<FindingId> = new Set([
  'interpreter-missing',
  'interpreter-not-executable',
  'interpreter-foreign',
  'interpreter-unusable',
  'interpreter-doubtful',
]);

/** Something a person should know of, and what can be done about it. Plain data. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly subject: { readonly kind: 'system' } | { readonly kind: 'entry'; readonly name: string };
  /** The target whose programs it is about, where it is one. */
  readonly target?: string;
  /** The target whose name the entry has, without taking its programs: the target cannot be registered. */
  readonly namesake?: string;
  /** No program runs through the entry, enabled or not. */
  readonly breaks?: true;
  /** What is so. */
  readonly sentence: string;
  /** What that means and what to do, in further sentences; empty where that is plain. */
  readonly detail: string;
  readonly action: Action | null;
}

/** All that a finding says. */
export const textOf = ({ sentence, detail }: Pick<Finding, 'sentence' | 'detail'>): string =>
  `${sentence} ${detail}`.trimEnd();

/** The findings that concern a row: about its entries, as far as they are about this target, and about the target. */
export const findingsOfRow = (findings: readonly Finding[], row: Row): readonly Finding[] =>
  findings.filter(({ subject, target, namesake }) => {
    if (row.isTarget && namesake === row.name) return true;
    const isAboutTarget = !row.isTarget || target === undefined || target === row.name;
    return subject.kind === 'entry'
      ? row.entryNames.includes(subject.name) && isAboutTarget
      : row.isTarget && target === row.name;
  });

/** The gravest severity of what concerns the row; null when nothing does. */
export function worstOf(findings: readonly Finding[], row: Row): Severity | null {
  const own = findingsOfRow(findings, row);
  return severities.find((severity) => own.some((finding) => finding.severity === severity)) ?? null;
}

const obstacles: ReadonlySet<FindingId> = new Set([
  'kernel-without-binfmt-misc',
  'module-not-loaded',
  'not-mounted',
  'master-switch-off',
]);

/** What keeps binfmt_misc as a whole from working; null when nothing does. */
export const obstacleOf = (findings: readonly Finding[]): Finding | null =>
  findings.find(({ id }) => obstacles.has(id)) ?? null;
