/**
 * Everything that crosses between the window and the main process. Both sides import this file and nothing
 * else of each other: a channel that is not here does not exist.
 */
import type { FormatFields } from '../binfmt/exchange/format-fields.ts';
import type { Explanation } from '../binfmt/explain/explanation.ts';
import type { PlaceRequest } from '../binfmt/place-request.ts';
import type { RegisterRequest } from '../binfmt/register-request.ts';
import type { BringRequest } from '../binfmt/requests.ts';
import type { Result } from '../binfmt/result.ts';
import type { Snapshot } from '../binfmt/snapshot.ts';
import type { Verification } from '../binfmt/verify/verification.ts';
import type { Activity } from '../change-queue.ts';
import type { ChangeResult } from '../change-result.ts';
import type { Sample } from '../choose-sample.ts';
import type { PreviewedChange } from '../difference-preview.ts';
import type { Elevation } from '../elevation/elevate.ts';
import type { ExportContents, ExportWish } from '../export-contents.ts';
import type { ExportResult } from '../exporter.ts';
import type { FormatCheck } from '../format-check.ts';
import type {
  DistributionOffer,
  GettingProgress,
  InstallResult,
  ListResult,
  PlaceResult,
  PlaceWish,
} from '../getting/getting.ts';
import type { ArchiveKind } from '../getting/handlers.ts';
import type { BuildWish } from '../giving/builder.ts';
import type { ImageChoices } from '../giving/choices.ts';
import type { BuildResult, ImageProgress } from '../giving/giving.ts';
import type { PlaceKind } from '../giving/places.ts';
import type { CompareResult, PublishResult } from '../giving/publisher.ts';
import type { ReadFile } from '../importer.ts';
import type { InstallationObstacle } from '../install/distribution/plan-installation.ts';
import type { PastChange, Preview } from '../past-change.ts';
import type { ChangeRequest as QueuedRequest } from '../plan-change.ts';
import type { RegistrationPreview, TargetPreview } from '../register-preview.ts';
import type { VerifiedTarget } from '../verifier.ts';

export type { BootConfiguration, BootFile, BootService, RowBoot } from '../binfmt/boot/boot-configuration.ts';
// Pure functions over this data are the same on both sides.
export { bootSentences, describeOrigin } from '../binfmt/boot/boot-sentences.ts';
export { bootWordOf, compareAtBoot } from '../binfmt/boot/boot-word.ts';
export { describeFlag, describeInterpreter, describeState, NO_FLAGS } from '../binfmt/describe-row.ts';
export type { Action } from '../binfmt/diagnosis/action.ts';
export {
  type Finding,
  findingsOfRow,
  obstacleOf,
  type Severity,
  textOf,
  worstOf,
} from '../binfmt/diagnosis/finding.ts';
export { AS_IF_ELF, type ElfReading, meaningOf, readElfMagic } from '../binfmt/elf-description.ts';
export type { Entry } from '../binfmt/entry.ts';
export type { FormatFields, FormatProblem } from '../binfmt/exchange/format-fields.ts';
export { describeEntryVerdict, describeOpening } from '../binfmt/explain/describe.ts';
export { formatSize } from '../binfmt/format-size.ts';
export { bytesOfHex } from '../binfmt/hex.ts';
export type { Interpreter } from '../binfmt/interpreters.ts';
export { INTERPRETER_DIRECTORY } from '../binfmt/placing.ts';
export { defaultRegisterOptions, expectsArgv0, type RegisterOptions } from '../binfmt/register-options.ts';
export type { RegisterRequest } from '../binfmt/register-request.ts';
export {
  type BinfmtMiscState,
  isMounted,
  isNameTaken,
  type Row,
  type RowState,
  registrableTargets,
  resettableEntries,
  type Snapshot,
} from '../binfmt/snapshot.ts';
export { circumstancesOf } from '../binfmt/verify/circumstances.ts';
export type { ConcernedFile } from '../boot-agreement.ts';
export type { ExportFormat, ExportSubject, RowSelection } from '../export-contents.ts';
export type {
  DistributionOffer,
  GettingProgress,
  InstallResult,
  ListResult,
  PlaceResult,
  PlaceWish,
} from '../getting/getting.ts';
export type { ArchiveKind } from '../getting/handlers.ts';
export type { ListedArchive, ListedProgram } from '../getting/list-archive.ts';
export type { BuildWish, Built } from '../giving/builder.ts';
export type { EmulatorChoice, ImageChoices } from '../giving/choices.ts';
export type { UseCommand } from '../giving/commands.ts';
export type { BuildResult, ImageProgress } from '../giving/giving.ts';
export type { BuildProgress, ItemProgress } from '../giving/item-progress.ts';
export type { PlaceKind } from '../giving/places.ts';
export type { CompareResult, Comparison, PublishResult } from '../giving/publisher.ts';
export type { ImageKind } from '../images/build-images.ts';
export { mayReplace } from '../images/planned-tag.ts';
export { explainNoRepository, parseRepository, problemOfRepositoryName } from '../images/repository-name.ts';
export { inWords } from '../install/distribution/in-words.ts';
export type { InstallationObstacle, InstallationPlan } from '../install/distribution/plan-installation.ts';
export type {
  Activity,
  ChangeResult,
  Elevation,
  Explanation,
  ExportContents,
  ExportResult,
  ExportWish,
  FormatCheck,
  PastChange,
  Preview,
  PreviewedChange,
  ReadFile,
  RegistrationPreview,
  Sample,
  TargetPreview,
  Verification,
  VerifiedTarget,
};

/** What the window can ask for: what a file says stays with the main process, which has read it. */
export type ChangeRequest =
  | Exclude<QueuedRequest, BringRequest | PlaceRequest>
  | { readonly kind: 'import'; readonly removeOthers: boolean };

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
  /** What applying the boot configuration would make of each entry. */
  readonly bootDifference: (removeOthers: boolean) => readonly PreviewedChange[];
  /** What registering would do to each target, whatever is registered. */
  readonly previewRegistration: (request: RegisterRequest) => RegistrationPreview;
  /** Lets a person choose an interpreter; null when none was chosen. */
  readonly chooseInterpreter: () => string | null;
  /** The files as they would be written now. */
  readonly previewExport: (wish: ExportWish) => ExportContents;
  /** Lets a person choose where, and writes the files there. */
  readonly exportFiles: (wish: ExportWish) => ExportResult;
  /** Writes the files that were asked about, over those that are there. */
  readonly replaceFiles: () => ExportResult;
  /** Shows the file that was written last in the file manager. */
  readonly showExported: () => void;
  /** Lets a person choose a file to import, and reads it; null when none was chosen. */
  readonly readChosenImport: () => ReadFile | null;
  /** Reads the file that was explained last, to import it; null when none was. */
  readonly readExplainedImport: () => ReadFile | null;
  /** What importing the file that was read last would make of each entry now. */
  readonly importDifference: (removeOthers: boolean) => readonly PreviewedChange[];
  /** What is wrong with the fields of a format, and what they would do. */
  readonly checkFormat: (fields: FormatFields) => FormatCheck;
  /** Lets a person choose a file of a format, and reads its first bytes; null when none was chosen. */
  readonly chooseSample: () => Result<Sample, string> | null;
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
  /** Has the kernel run a program of each of these targets; each result comes as a message, too, when it is there. */
  readonly verify: (targets: readonly string[]) => readonly Verification[];
  /** The distribution's package that an interpreter of the snapshot belongs to; null when none is known. */
  readonly packageOf: (interpreter: string) => string | null;
  /** What this machine has to make tarballs and images of. */
  readonly imageChoices: () => ImageChoices;
  /** Lets a person choose where such a thing goes; null when no place was chosen. */
  readonly chooseImagePlace: (kind: PlaceKind) => string | null;
  /** Makes tarballs or images at the place chosen last for their kind. */
  readonly buildImages: (wish: BuildWish) => BuildResult;
  /** Shows what was built last in the file manager. */
  readonly showBuilt: () => void;
  /** Lets a person choose an image layout to publish; null when none was chosen. */
  readonly chooseLayout: () => string | null;
  /** Compares the layout chosen or built last with a repository. */
  readonly compareImages: (repository: string) => CompareResult;
  /** Sends what was compared last; with `replace` also over what is different there. */
  readonly publishImages: (replace: boolean) => PublishResult;
  /** Stops what is being built, compared or published. */
  readonly cancelImages: () => void;
  /** What of QEMU the distribution has, or why it cannot be installed. Asks the package manager, which takes seconds. */
  readonly offerOfDistribution: () => Result<DistributionOffer, InstallationObstacle>;
  /** Installs what was offered last. */
  readonly installFromDistribution: () => InstallResult;
  /** Lets a person choose where emulators come from, and returns its path; null when nothing was chosen. */
  readonly chooseArchive: (kind: ArchiveKind) => string | null;
  /** Takes emulators from there, and returns its path. Only the preload script calls it, for what was dropped. */
  readonly takeArchive: (path: string) => string;
  /** Takes emulators from the file that was explained last, and returns its path; null when none was. */
  readonly takeExplainedArchive: () => string | null;
  /** Lists the emulators in what was chosen or dropped last. */
  readonly listArchive: () => ListResult;
  /** What putting emulators that were listed last into /usr/local/bin would do; null where none were. */
  readonly previewPlacing: (wish: PlaceWish) => Preview | null;
  /** Puts emulators that were listed last into /usr/local/bin. */
  readonly placeInterpreters: (wish: PlaceWish) => PlaceResult;
  /** Stops installing, listing or placing, as far as that is safe. */
  readonly cancelGetting: () => void;
  readonly copyText: (text: string) => void;
  readonly openLog: () => void;
}

export const invocationNames = [
  'overview',
  'change',
  'preview',
  'previewRegistration',
  'chooseInterpreter',
  'bootDifference',
  'previewExport',
  'exportFiles',
  'replaceFiles',
  'showExported',
  'readChosenImport',
  'readExplainedImport',
  'importDifference',
  'checkFormat',
  'chooseSample',
  'cancelPrompt',
  'pastChanges',
  'explainFile',
  'explainChosenFile',
  'explainAgain',
  'verify',
  'packageOf',
  'imageChoices',
  'chooseImagePlace',
  'buildImages',
  'showBuilt',
  'chooseLayout',
  'compareImages',
  'publishImages',
  'cancelImages',
  'offerOfDistribution',
  'installFromDistribution',
  'chooseArchive',
  'takeArchive',
  'takeExplainedArchive',
  'listArchive',
  'previewPlacing',
  'placeInterpreters',
  'cancelGetting',
  'copyText',
  'openLog',
] as const satisfies readonly (keyof Invocations)[];

/** What the main process tells the window: one ipc channel each. */
export interface Messages {
  readonly snapshot: Snapshot;
  readonly activity: Activity;
  readonly verified: VerifiedTarget;
  readonly imageProgress: ImageProgress;
  readonly gettingProgress: GettingProgress;
  readonly menuCommand: MenuCommand;
}

/** What a person chose in the application menu. */
export type MenuCommand =
  | 'find'
  | 'select-all'
  | 'register-all'
  | 'reset-all'
  | 'apply-boot'
  | 'export'
  | 'import'
  | 'add-format'
  | 'undo'
  | 'show-log'
  | 'explain'
  | 'verify-all'
  | 'container-images'
  | 'install-qemu'
  | 'interpreters-from-file';

/** The channels that are handed a path: the preload script gets it from what a person dropped, the page never names one. */
export const pathInvocations = ['explainFile', 'takeArchive'] as const;
export type PathInvocation = (typeof pathInvocations)[number];

/** `window.binfmt`, the one bridge that the preload script builds. */
export type Bridge = {
  readonly [Name in Exclude<keyof Invocations, PathInvocation>]: (
    ...args: Parameters<Invocations[Name]>
  ) => Promise<ReturnType<Invocations[Name]>>;
} & {
  /** Explains a file that a person dropped. */
  readonly explainDroppedFile: (file: File) => Promise<Explanation>;
  /** Takes emulators from the archive or folder that a person dropped, and returns its path. */
  readonly takeDroppedArchive: (file: File) => Promise<string>;
  /** Each returns how to stop listening. */
  readonly onSnapshot: (listener: (snapshot: Snapshot) => void) => () => void;
  readonly onActivity: (listener: (activity: Activity) => void) => () => void;
  readonly onVerified: (listener: (verified: VerifiedTarget) => void) => () => void;
  readonly onImageProgress: (listener: (progress: ImageProgress) => void) => () => void;
  readonly onGettingProgress: (listener: (progress: GettingProgress) => void) => () => void;
  readonly onMenuCommand: (listener: (command: MenuCommand) => void) => () => void;
};
