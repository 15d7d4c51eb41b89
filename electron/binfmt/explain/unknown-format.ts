import {
  type Action,
  enableAction,
  mountAction,
  registerAction,
  switchOnAction,
} from '../diagnosis/action.ts';
import { isNameTaken, type Snapshot } from '../snapshot.ts';
import { entryNameOf, type Target, targetNamed } from '../targets.ts';
import type { ElfContent, Step } from './explanation.ts';
import { cpuNameOf, isForeign } from './reasons.ts';

export interface Advice {
  readonly verdict: string;
  readonly action: Action | null;
}

/** What keeps an entry from taking a file. */
interface Hindrance {
  /** A clause. */
  readonly cause: string;
  /** What to do, a sentence without its capital; empty where there is nothing. */
  readonly remedy: string;
  readonly action: Action | null;
}

/**
 * Why no entry takes a file that is for one, or would be if its target was registered, and what makes one take it;
 * null where the file is for none. `who` is what the sentence calls the file.
 */
export function unknownFormat(step: Step, who: string, snapshot: Snapshot): Advice | null {
  const hindrance = hindranceOf(step, who, snapshot);
  if (hindrance === null) return null;
  const { cause, remedy, action } = hindrance;
  // An entry that takes it is of no use while the kernel asks none.
  if (snapshot.binfmtMisc === 'off' && action !== null && action !== switchOnAction) {
    return {
      verdict: `${cause}. Switch binfmt_misc on, which is off as a whole, and ${remedy}`,
      action: { ...action, requests: [...switchOnAction.requests, ...action.requests] },
    };
  }
  return { verdict: `${cause}. ${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`.trimEnd(), action };
}

function hindranceOf({ entries, content }: Step, who: string, snapshot: Snapshot): Hindrance | null {
  const switchedOff = entries.find(({ kind }) => kind === 'master-switch-off');
  if (switchedOff !== undefined) {
    return {
      cause: `the entry ${switchedOff.name} would take ${who}, but binfmt_misc is switched off`,
      remedy: 'switch it on.',
      action: switchOnAction,
    };
  }
  const disabled = entries.find(({ kind }) => kind === 'disabled');
  if (disabled !== undefined) {
    return {
      cause: `the entry ${disabled.name} would take ${who}, but is disabled`,
      remedy: 'enable it.',
      action: enableAction(disabled.name),
    };
  }
  return content.kind === 'elf' && isForeign(content, snapshot.host)
    ? hindranceOfProgram(content, who, snapshot)
    : null;
}

function hindranceOfProgram(elf: ElfContent, who: string, snapshot: Snapshot): Hindrance | null {
  const is = `${who} is a program for ${cpuNameOf(elf)}`;
  const target = elf.target === null ? undefined : targetNamed(elf.target);
  const row = snapshot.targets.find((one) => one.isTarget && one.name === target?.name);
  if (target === undefined || row === undefined) {
    return { cause: `${is}, and no entry takes it`, remedy: '', action: null };
  }
  if (row.state === 'Native') return null;
  switch (snapshot.binfmtMisc) {
    case 'unsupported':
      return {
        cause: `${is}, and this kernel has no binfmt_misc to hand it to QEMU`,
        remedy: '',
        action: null,
      };
    case 'not-loaded':
    case 'not-mounted':
      return { cause: `${is}, and binfmt_misc is not mounted`, remedy: 'mount it.', action: mountAction };
    case 'off':
    case 'on':
  }
  if (row.state === 'Not installed') {
    const { installCommand } = snapshot.host;
    const remedy = installCommand === null ? '' : `install one: ${installCommand}`;
    return { cause: `${is}, and no emulator for it was found`, remedy, action: null };
  }
  if (row.state !== 'Not registered') {
    return { cause: `${is}, and no entry takes it`, remedy: '', action: null };
  }
  return isNameTaken(row, snapshot)
    ? hindranceOfName(target, is, snapshot)
    : {
        cause: `${is}, and no entry takes it`,
        remedy: `register ${target.name}.`,
        action: registerAction(target.name),
      };
}

/** Registering would fail: the diagnosis knows what to do about the entry that has the name. */
function hindranceOfName(target: Target, is: string, { findings }: Snapshot): Hindrance {
  const action = findings.find(({ namesake }) => namesake === target.name)?.action ?? null;
  return {
    cause: `${is}, and no entry takes it: the one called ${entryNameOf(target)} takes something else`,
    remedy: action === null ? '' : `${action.label.toLowerCase()} that.`,
    action,
  };
}
