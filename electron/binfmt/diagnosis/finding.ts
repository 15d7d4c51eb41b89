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
  | 'boot-file-broken';

/** Something a person should know of, and what can be done about it. Plain data. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly subject: { readonly kind: 'system' } | { readonly kind: 'entry'; readonly name: string };
  /** The target whose programs it is about, where it is one. */
  readonly target?: string;
  /** What is so, what that means and what to do. */
  readonly sentence: string;
  readonly action: Action | null;
}

/** The findings that concern a row: about its entries, as far as they are about this target, and about the target. */
export const findingsOfRow = (findings: readonly Finding[], row: Row): readonly Finding[] =>
  findings.filter(({ subject, target }) => {
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
