import os from 'node:os';
import { familyOfMachine } from '../binfmt/targets.ts';

/** For which machines an image is, in the words of the OCI image specification: Go's names of CPUs. */
export interface Platform {
  readonly architecture: string;
  readonly os: 'linux';
  readonly variant?: string;
}

/** By the machine's name (`uname -m`); `{le}` stands for `le` on a little-endian machine. */
const platforms: ReadonlyMap<string, readonly [architecture: string, variant?: string]> = new Map([
  ['x86_64', ['amd64']],
  ['i386', ['386']],
  ['i486', ['386']],
  ['i586', ['386']],
  ['i686', ['386']],
  ['aarch64', ['arm64']],
  ['armv5tel', ['arm', 'v5']],
  ['armv5tejl', ['arm', 'v5']],
  ['armv6l', ['arm', 'v6']],
  ['armv7l', ['arm', 'v7']],
  // A 64-bit kernel that shows itself to 32-bit programs (PER_LINUX32).
  ['armv8l', ['arm', 'v7']],
  ['ppc64', ['ppc64']],
  ['ppc64le', ['ppc64le']],
  ['s390x', ['s390x']],
  ['riscv64', ['riscv64']],
  ['mips', ['mips{le}']],
  ['mips64', ['mips64{le}']],
  ['loongarch64', ['loong64']],
  ['sparc64', ['sparc64']],
]);

/** The platform of a machine as `uname -m` names it; null when images have no name for it. */
export function platformOf(machine: string, endianness: 'LE' | 'BE' = os.endianness()): Platform | null {
  const [architecture, variant] = platforms.get(machine) ?? [];
  if (architecture === undefined) return null;
  return {
    architecture: architecture.replace('{le}', endianness === 'LE' ? 'le' : ''),
    os: 'linux',
    ...(variant === undefined ? {} : { variant }),
  };
}

/** All machines of the same family, as `uname -m` names them: those on which an image for one may run. */
export function relatedMachines(machine: string): readonly string[] {
  const family = familyOfMachine(machine);
  return [...platforms.keys()].filter((one) => familyOfMachine(one) === family);
}
