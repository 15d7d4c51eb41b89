import type { Action } from '../binfmt/diagnosis/action.ts';
import type { Request } from '../binfmt/requests.ts';
import { entriesServing } from '../binfmt/rows.ts';
import { entryNamed, isNameTaken, type Row, type Snapshot } from '../binfmt/snapshot.ts';
import { entryNameOf, targetNamed, targets } from '../binfmt/targets.ts';
import { nameOfTrial } from '../binfmt/trial.ts';
import type { Terminal } from './terminal.ts';
import { wordForEntry } from './words.ts';

/** Says what to type. */
type Typist = Pick<Terminal, 'lineAsRoot'>;

/** The command lines that do what an action offers, to be typed one after the other. */
export const commandsFor = ({ requests }: Action, snapshot: Snapshot, terminal: Typist): readonly string[] =>
  requests.flatMap((request) => wordsFor(request, snapshot)).map((words) => terminal.lineAsRoot(...words));

/** The command line that makes a row's programs run; null where none is needed or none would do. */
export function commandToEnable(row: Row, snapshot: Snapshot, terminal: Typist): string | null {
  const { state, name, isTarget } = row;
  const word = isTarget ? name : wordForEntry(name);
  switch (state) {
    case 'Disabled':
      return terminal.lineAsRoot('enable', ...operands([word]));
    case 'Not registered':
      // What has the name is in the way: its finding says what to do about it.
      return isNameTaken(row, snapshot) ? null : terminal.lineAsRoot('register', word);
    case 'Not installed':
      return commandToInstall(terminal);
    case 'Enabled':
    case 'Native':
    case 'Broken':
      return null;
  }
}

/** The command line that installs the distribution's emulators, or says how where it cannot. */
export const commandToInstall = (terminal: Typist): string => terminal.lineAsRoot('install');

/** The command line that registers a target in place of what serves it or has its name. */
export const commandToReplace = (target: string, terminal: Typist): string =>
  terminal.lineAsRoot('register', '--replace', target);

function wordsFor(request: Request, snapshot: Snapshot): readonly (readonly string[])[] {
  switch (request.kind) {
    case 'register':
      return [['register', ...request.targets]];
    case 'replace':
      return wordsToReplace(request.name, request.target, snapshot);
    case 'rename-trial':
      return wordsToRename(request.name);
    case 'unregister':
    case 'reset':
      return [['unregister', ...entries(request.names)]];
    case 'switch-target':
      return [[request.on ? 'enable' : 'disable', request.target]];
    case 'switch-entries':
      return [[request.on ? 'enable' : 'disable', ...entries(request.names)]];
    case 'switch-master':
      return [['switch', request.on ? 'on' : 'off']];
    case 'mount':
      return [['mount']];
    case 'keep-at-boot':
      return [['keep', ...entries(request.names)]];
    case 'not-at-boot':
      return [['forget', ...entries(request.names)]];
    case 'apply-boot':
      return [['apply', ...(request.removeOthers ? ['--remove-others'] : [])]];
    case 'bring':
    case 'place':
    case 'add-format':
      return []; // What they bring is in a file, or in somebody's head.
  }
}

/** `--replace` takes the entry of the target's own name, or else the first that serves it. */
function wordsToReplace(
  name: string,
  targetName: string,
  snapshot: Snapshot,
): readonly (readonly string[])[] {
  const target = targetNamed(targetName);
  if (target === undefined) return [];
  const taken = entryNamed(snapshot, entryNameOf(target)) ?? entriesServing(target, snapshot.entries)[0];
  return taken?.name === name
    ? [['register', '--replace', targetName]]
    : [
        ['unregister', ...entries([name])],
        ['register', targetName],
      ];
}

/** Registering a target anew takes the entry that serves it; of other formats the terminal renames none. */
const wordsToRename = (name: string): readonly (readonly string[])[] =>
  targets
    .filter((target) => entryNameOf(target) === nameOfTrial(name))
    .map((target) => ['register', '--replace', target.name]);

const entries = (names: readonly string[]): readonly string[] => operands(names.map(wordForEntry));

/** Words that begin as options do stand behind `--`. */
const operands = (words: readonly string[]): readonly string[] =>
  words.some((word) => word.startsWith('-')) ? ['--', ...words] : words;
