/**
 * Everything that crosses between the window and the main process. Both sides import this file and nothing
 * else of each other: a channel that is not here does not exist.
 */
import type { Explanation } from '../binfmt/explain/explanation.ts';
import type { Snapshot } from '../binfmt/snapshot.ts';
import type { Activity, ChangeRequest } from '../change-queue.ts';
import type { ChangeResult } from '../change-result.ts';
import type { Elevation } from '../elevation/elevate.ts';
import type { PastChange, Preview } from '../past-change.ts';
import type { VerifiedTarget } from '../verifier.ts';

export type { Action } from '../binfmt/diagnosis/action.ts';
export { type Finding, findingsOfRow, type Severity, worstOf } from '../binfmt/diagnosis/finding.ts';
// Pure functions over this data are the same on both sides.
export { type FieldReading, readElfMagic } from '../binfmt/elf-description.ts';
export type { Entry } from '../binfmt/entry.ts';
export { describeEntryVerdict } from '../binfmt/explain/describe.ts';
export { bytesOfHex } from '../binfmt/hex.ts';
export type { Interpreter } from '../binfmt/interpreters.ts';
export {
  type BinfmtMiscState,
  isMounted,
  type Row,
  type RowState,
  registrableTargets,
  resettableEntries,
  type Snapshot,
} from '../binfmt/snapshot.ts';
export type {
  Activity,
  ChangeRequest,
  ChangeResult,
  Elevation,
  Explanation,
  PastChange,
  Preview,
  VerifiedTarget,
};

/** What the window shows when it opens. */
export interface Overview {
  readonly snapshot: Snapshot;
  readonly elevation: Elevation;
}

/** What the window can ask of the main process: one ipc channel each. */
export interface Invocations {
  readonly overview: () => Overview;
  readonly change: (request: ChangeRequest) => ChangeResult;
  /** What the change would do, without doing it. */
  readonly preview: (request: ChangeRequest) => Preview;
  /** Closes the prompt that asks for permission, if one is open. */
  readonly cancelPrompt: () => void;
  /** What was done, the newest first. */
  readonly pastChanges: () => readonly PastChange[];
  /** Why a file runs or does not. Only the preload script calls it, with the path of a file that was dropped. */
  readonly explainFile: (path: string) => Explanation;
  /** Lets a person choose a file, and explains it; null when none was chosen. */
  readonly explainChosenFile: () => Explanation | null;
  /** Explains the last file once more, for the system as it is now. */
  readonly explainAgain: () => Explanation | null;
  /** Has the kernel run a program of each of these targets; the results come as messages. */
  readonly verify: (targets: readonly string[]) => void;
  /** The distribution's package that an interpreter of the snapshot belongs to; null when none is known. */
  readonly packageOf: (interpreter: string) => string | null;
  readonly copyText: (text: string) => void;
  readonly openLog: () => void;
}

export const invocationNames = [
  'overview',
  'change',
  'preview',
  'cancelPrompt',
  'pastChanges',
  'explainFile',
  'explainChosenFile',
  'explainAgain',
  'verify',
  'packageOf',
  'copyText',
  'openLog',
] as const satisfies readonly (keyof Invocations)[];

/** What the main process tells the window: one ipc channel each. */
export interface Messages {
  readonly snapshot: Snapshot;
  readonly activity: Activity;
  readonly verified: VerifiedTarget;
  readonly menuCommand: MenuCommand;
}

/** What a person chose in the application menu. */
export type MenuCommand =
  | 'find'
  | 'register-all'
  | 'reset-all'
  | 'undo'
  | 'show-log'
  | 'explain'
  | 'verify-all';

/** `window.binfmt`, the one bridge that the preload script builds. */
export type Bridge = {
  readonly [Name in Exclude<keyof Invocations, 'explainFile'>]: (
    ...args: Parameters<Invocations[Name]>
  ) => Promise<ReturnType<Invocations[Name]>>;
} & {
  /** Explains a file that a person dropped: the page itself never names a path. */
  readonly explainDroppedFile: (file: File) => Promise<Explanation>;
  /** Each returns how to stop listening. */
  readonly onSnapshot: (listener: (snapshot: Snapshot) => void) => () => void;
  readonly onActivity: (listener: (activity: Activity) => void) => () => void;
  readonly onVerified: (listener: (verified: VerifiedTarget) => void) => () => void;
  readonly onMenuCommand: (listener: (command: MenuCommand) => void) => () => void;
};
