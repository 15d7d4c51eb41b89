import {
  type Action,
  enableAction,
  mountAction,
  registerAction,
  replaceAction,
  switchOnAction,
} from '../diagnosis/action.ts';
import { machineNames } from '../elf-header.ts';
import { isNameTaken, type Snapshot } from '../snapshot.ts';
import type { ElfContent, Step } from './explanation.ts';

export interface Advice {
  readonly verdict: string;
  readonly action: Action | null;
}

/** Why the kernel has no loader for a file (ENOEXEC), and what would give it one. */
export function unknownFormat(step: Step, isFirst: boolean, snapshot: Snapshot): Advice {
  const file = isFirst ? 'it' : `its interpreter ${step.path}`;
  const { content } = step;
  const switchedOff = step.entries.find((entry) => entry.kind === 'master-switch-off');
  if (switchedOff !== undefined) {
    return {
      verdict: `the entry ${switchedOff.name} would take ${file}, but binfmt_misc is switched off. Switch it on.`,
      action: switchOnAction,
    };
  }
  const disabled = step.entries.find((entry) => entry.kind === 'disabled');
  if (disabled !== undefined) {
    return {
      verdict: `the entry ${disabled.name} would take ${file}, but is disabled. Enable it.`,
      action: enableAction(disabled.name),
    };
  }
  switch (content.kind) {
    case 'elf':
      return foreignProgram(content, file, snapshot);
    case 'empty':
      return { verdict: `${file} is empty.`, action: null };
    case 'broken-script':
      return { verdict: `${file} begins with #!, and ${content.reason}.`, action: null };
    case 'other':
      return content.looksLikeText
        ? {
            verdict: `${file} is text without a #! line. Shells run such a file themselves, other programs fail. Add a line such as #!/bin/sh.`,
            action: null,
          }
        : { verdict: `no entry takes ${file}, and the kernel does not know the format.`, action: null };
    default:
      return { verdict: `the kernel does not know what ${file} is.`, action: null };
  }
}

function foreignProgram(elf: ElfContent, file: string, snapshot: Snapshot): Advice {
  const cpu = machineNames.get(elf.machine) ?? `a CPU with number ${elf.machine}`;
  if (elf.target === null) {
    const isProgram = elf.type === 2 || elf.type === 3;
    return {
      verdict: isProgram
        ? `${file} is a program for ${cpu}, and no entry takes it.`
        : `${file} is an ELF file, but no program.`,
      action: null,
    };
  }
  const row = snapshot.targets.find((one) => one.isTarget && one.name === elf.target);
  const is = `${file} is a program for ${cpu}`;
  switch (snapshot.binfmtMisc) {
    case 'unsupported':
      return { verdict: `${is}, and this kernel has no binfmt_misc to hand it to QEMU.`, action: null };
    case 'not-loaded':
    case 'not-mounted':
      return row?.state === 'Native'
        ? damaged(file)
        : { verdict: `${is}, and binfmt_misc is not mounted. Mount it.`, action: mountAction };
    case 'off':
    case 'on':
  }
  switch (row?.state) {
    case 'Native':
      return damaged(file);
    case 'Not registered': {
      const verdict = `${is}, and no entry takes it. Register ${elf.target}`;
      const name = `qemu-${elf.target}`;
      return isNameTaken(row, snapshot)
        ? { verdict: `${verdict} in place of ${name}.`, action: replaceAction(name, elf.target) }
        : { verdict: `${verdict}.`, action: registerAction(elf.target) };
    }
    default: {
      const { installCommand } = snapshot.host;
      const how = installCommand === null ? '' : ` Install one: ${installCommand}`;
      return row?.state === 'Not installed'
        ? { verdict: `${is}, and no emulator for it was found.${how}`, action: null }
        : { verdict: `${is}, and no entry takes it.`, action: null };
    }
  }
}

const damaged = (file: string): Advice => ({
  verdict: `${file} looks like one of this machine’s own programs, but this kernel refuses it: it is cut off, damaged, or of a kind the kernel was built without.`,
  action: null,
});
