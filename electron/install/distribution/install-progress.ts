/** How far an installation is. */
export interface InstallProgress {
  readonly phase: 'starting' | 'refreshing' | 'fetching' | 'installing';
  /** From 0 to 100 within the phase; null when it is not known. */
  readonly percent: number | null;
  /** What the tools said, the latest last. */
  readonly lines: readonly string[];
  /** Whether cancelling would be heeded now: while nothing is being changed. */
  readonly canCancel: boolean;
  /** Null until it has ended. */
  readonly outcome: 'done' | 'cancelled' | 'failed' | null;
}

export const startOfInstallation: InstallProgress = {
  phase: 'starting',
  percent: null,
  lines: [],
  canCancel: false,
  outcome: null,
};

/** More are not kept. */
const MOST_LINES = 500;

/** The progress after one more line of what the script of `installScript()` printed. */
export function parseInstallOutput(line: string, token: string, before: InstallProgress): InstallProgress {
  const [, kind, word] = new RegExp(`^${token} (phase|end) ([a-z]+)$`).exec(line) ?? [];
  if (kind === 'phase') return { ...before, ...phaseOf(word), percent: null };
  if (kind === 'end') return { ...before, outcome: outcomeOf(word), canCancel: false };

  // `dlstatus:1:20.5000:Retrieving file 1 of 1`, `pmstatus:qemu-user-static:50.0000:Unpacking` (apt's README.progress-reporting)
  const [, status, percent, text] =
    /^(dlstatus|pmstatus|pmerror|pmconffile|media-change):[^:]*(?::[^:]+)?:(\d+(?:\.\d+)?):(.*)$/.exec(
      line,
    ) ?? [];
  if (status !== undefined) {
    return {
      ...before,
      percent: Math.min(100, Number(percent)),
      lines: status === 'pmerror' ? added(before.lines, text ?? '') : before.lines,
    };
  }
  return line.trim() === '' ? before : { ...before, lines: added(before.lines, line) };
}

const phases: Readonly<Record<string, Pick<InstallProgress, 'phase' | 'canCancel'>>> = {
  refreshing: { phase: 'refreshing', canCancel: true },
  fetching: { phase: 'fetching', canCancel: true },
  installing: { phase: 'installing', canCancel: false },
};

const phaseOf = (word = ''): Partial<InstallProgress> => phases[word] ?? {};

const outcomeOf = (word: string | undefined): 'done' | 'cancelled' | 'failed' =>
  word === 'done' || word === 'cancelled' ? word : 'failed';

/** Tools that draw on one line put a carriage return between two states of it. */
const added = (lines: readonly string[], line: string): readonly string[] =>
  [...lines, line.slice(line.lastIndexOf('\r', line.length - 2) + 1).trimEnd()].slice(-MOST_LINES);

/** What came of an installation that has failed, and what to do: by what the tools said. */
export function explainInstallation(lines: readonly string[]): string {
  const said = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
  const found = explanations.find(({ pattern }) => said(pattern));
  if (found !== undefined) return `QEMU was not installed: ${found.sentence}`;
  const last =
    lines.findLast((line) => /^(E:|error|Error|ERROR|Problem)/.test(line)) ??
    lines.at(-1) ??
    'nothing was said';
  return `QEMU was not installed: ${last.replace(/^(E:|error:|Error:|ERROR:) */, '')}`;
}

const explanations: readonly { readonly pattern: RegExp; readonly sentence: string }[] = [
  {
    pattern:
      /No space left|don't have enough free space|not enough (free )?(disk )?space|Disk quota exceeded/i,
    sentence: 'there is no room left on the disk. Make room and try again.',
  },
  {
    pattern: /dpkg was interrupted/,
    sentence: 'an earlier installation was interrupted. Run “sudo dpkg --configure -a”, and try again.',
  },
  {
    pattern:
      /Could not get lock|Unable to acquire the dpkg|is locked by|unable to lock database|System management is locked/i,
    sentence: 'another program is installing packages just now. Wait until it has ended, and try again.',
  },
  {
    pattern:
      /Unable to locate package|has no installation candidate|target not found|Unable to find a match|No match for argument|not found in package names|unable to select packages/i,
    sentence:
      'there is no such package in the sources of this system. Take the interpreters from a file instead.',
  },
  {
    pattern:
      /Could not resolve|Temporary failure|Could not connect|Unable to connect|Connection (refused|timed out|failed)|Network is unreachable|No route to host|Failed to (fetch|download|retrieve)|Cannot download|temporary error|Curl error/i,
    sentence:
      'the packages could not be fetched. Look at the network and the package sources, and try again.',
  },
  {
    pattern:
      /remove is disabled|conflicting requests|conflicting dependencies|unmet dependencies|are in conflict/i,
    sentence:
      'it does not go together with packages that are installed. Install it yourself, and look at what that would remove.',
  },
];
