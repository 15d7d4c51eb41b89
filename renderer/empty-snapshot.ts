import type { Snapshot } from '../electron/ipc/contract.ts';

/** What the store holds until the main process has answered; nothing is drawn before. */
export const emptySnapshot: Snapshot = {
  host: { machine: '', family: '', kernelRelease: '', installCommand: null },
  binfmtMisc: 'on',
  entries: [],
  targets: [],
  formats: [],
  losses: [],
  outdated: [],
  interpreters: [],
  startProblems: [],
  boot: { services: [], files: [], formats: [], rules: [], problems: [] },
  findings: [],
};
