import { formatRegisterLine } from '../binfmt/register-line.ts';
import { emulatorNameOf, entryNameOf, familyOfMachine, type Target, targets } from '../binfmt/targets.ts';
import { relatedMachines } from './platform.ts';
import { program, usageFunction } from './register-program.ts';

/**
 * The program of the images `register` and `latest`, for hosts of that machine (`uname -m`): it mounts binfmt_misc,
 * with `--reset` removes the entries `qemu-*`, and registers, with the options of QEMU's qemu-binfmt-conf.sh.
 *
 * The targets the host runs itself are not in it: registering one of those stops every program. It runs under
 * busybox's ash, whose `echo` writes a line with one write(2), as the kernel wants it, and reports the kernel's
 * error (its `printf` reports none). Names of entries are never part of what it evaluates.
 */
export function registerScript(machine: string): string {
  const family = familyOfMachine(machine);
  const foreign = targets.filter((target) => target.family !== family);
  const own = targets.filter((target) => target.family === family);
  return `#!/bin/sh
# Registers QEMU's user-mode emulators with the kernel of this machine, see --help.
set -uf
export LC_ALL=C
directory=/proc/sys/fs/binfmt_misc
host=${machine}
targets='${names(foreign)}'
own='${names(own)}'
${usageFunction}
# The magic and the mask of a target's programs, and its emulator's name.
look_up() {
  case $1 in
${foreign.map(lookUpCase).join('\n')}
  esac
}

is_host() {
  case $1 in
    ${relatedMachines(machine).join(' | ')}) return 0 ;;
    *) return 1 ;;
  esac
}
${program}`;
}

const names = (list: readonly Target[]): string => list.map(({ name }) => name).join(' ');

function lookUpCase(target: Target): string {
  return `    ${target.name}) pattern='${patternOf(target)}' emulator=${emulatorNameOf(target)} ;;`;
}

/** The fields magic and mask of the register line, which hold no colon: they are escaped. */
function patternOf(target: Target): string {
  const { magic, mask } = target;
  const line = formatRegisterLine({
    kind: 'magic',
    name: entryNameOf(target),
    offset: 0,
    magic,
    mask,
    interpreter: '/',
    flags: '',
  });
  if (!line.ok) throw new RangeError(line.problem);
  return line.value.split(':').slice(4, 6).join(':');
}
