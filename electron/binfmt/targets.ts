/** A CPU that QEMU emulates in user mode. */
export interface Target {
  /** QEMU's name. */
  readonly name: string;
  /** Targets of one family run, or may run, on each other's CPUs. */
  readonly family: string;
  /** The first bytes of its programs, in hex digits: an ELF header up to e_machine, for some up to e_flags. */
  readonly magic: string;
  /** Which bits of the magic count, in hex digits. */
  readonly mask: string;
  /** A plain name. */
  readonly label: string;
}

const target = (name: string, family: string, magic: string, mask: string, label: string): Target => ({
  name,
  family,
  magic,
  mask,
  label,
});

/**
 * All targets, in the order of QEMU's scripts/qemu-binfmt-conf.sh, with its magics and masks. One is
 * corrected: microblaze's published magic has e_type in the wrong byte order and matches no real file.
 */
export const targets: readonly Target[] = [
  target(
    'i386',
    'i386',
    '7f454c4601010100000000000000000002000300',
    'fffffffffffefe00fffffffffffffffffeffffff',
    'x86, 32-bit',
  ),
  target(
    'i486',
    'i386',
    '7f454c4601010100000000000000000002000600',
    'fffffffffffefe00fffffffffffffffffeffffff',
    'x86, 32-bit (EM_486)',
  ),
  target(
    'alpha',
    'alpha',
    '7f454c4602010100000000000000000002002690',
    'fffffffffffefe00fffffffffffffffffeffffff',
    'DEC Alpha',
  ),
  target(
    'arm',
    'arm',
    '7f454c4601010100000000000000000002002800',
    'ffffffffffffff00fffffffffffffffffeffffff',
    'ARM, 32-bit',
  ),
  target(
    'armeb',
    'armeb',
    '7f454c4601020100000000000000000000020028',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'ARM, 32-bit big-endian',
  ),
  target(
    'sparc',
    'sparc',
    '7f454c4601020100000000000000000000020002',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'SPARC, 32-bit',
  ),
  target(
    'sparc32plus',
    'sparc',
    '7f454c4601020100000000000000000000020012',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'SPARC v8+',
  ),
  target(
    'sparc64',
    'sparc',
    '7f454c460202010000000000000000000002002b',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'SPARC, 64-bit',
  ),
  target(
    'ppc',
    'ppc',
    '7f454c4601020100000000000000000000020014',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'PowerPC, 32-bit',
  ),
  target(
    'ppc64',
    'ppc',
    '7f454c4602020100000000000000000000020015',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'PowerPC, 64-bit',
  ),
  target(
    'ppc64le',
    'ppcle',
    '7f454c4602010100000000000000000002001500',
    'ffffffffffffff00fffffffffffffffffeffff00',
    'PowerPC, 64-bit little-endian',
  ),
  target(
    'm68k',
    'm68k',
    '7f454c4601020100000000000000000000020004',
    'fffffffffffffe00fffffffffffffffffffeffff',
    'Motorola 68000',
  ),
  target(
    'mips',
    'mips',
    '7f454c46010201000000000000000000000200080000000100000000000000000000000000000000',
    'ffffffffffffff0000fffffffffffffffffeffffffffffff00000000000000000000000000000020',
    'MIPS, 32-bit',
  ),
  target(
    'mipsel',
    'mips',
    '7f454c46010101000000000000000000020008000100000000000000000000000000000000000000',
    'ffffffffffffff0000fffffffffffffffeffffffffffffff00000000000000000000000020000000',
    'MIPS, 32-bit little-endian',
  ),
  target(
    'mipsn32',
    'mips',
    '7f454c46010201000000000000000000000200080000000100000000000000000000000000000020',
    'ffffffffffffff0000fffffffffffffffffeffffffffffff00000000000000000000000000000020',
    'MIPS n32',
  ),
  target(
    'mipsn32el',
    'mips',
    '7f454c46010101000000000000000000020008000100000000000000000000000000000020000000',
    'ffffffffffffff0000fffffffffffffffeffffffffffffff00000000000000000000000020000000',
    'MIPS n32 little-endian',
  ),
  target(
    'mips64',
    'mips',
    '7f454c4602020100000000000000000000020008',
    'ffffffffffffff0000fffffffffffffffffeffff',
    'MIPS, 64-bit',
  ),
  target(
    'mips64el',
    'mips',
    '7f454c4602010100000000000000000002000800',
    'ffffffffffffff0000fffffffffffffffeffffff',
    'MIPS, 64-bit little-endian',
  ),
  target(
    'sh4',
    'sh4',
    '7f454c4601010100000000000000000002002a00',
    'ffffffffffffff00fffffffffffffffffeffffff',
    'SuperH',
  ),
  target(
    'sh4eb',
    'sh4',
    '7f454c460102010000000000000000000002002a',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'SuperH big-endian',
  ),
  target(
    's390x',
    's390x',
    '7f454c4602020100000000000000000000020016',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'IBM Z, 64-bit',
  ),
  target(
    'aarch64',
    'arm',
    '7f454c460201010000000000000000000200b700',
    'ffffffffffffff00fffffffffffffffffeffffff',
    'ARM, 64-bit',
  ),
  target(
    'aarch64_be',
    'armeb',
    '7f454c46020201000000000000000000000200b7',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'ARM, 64-bit big-endian',
  ),
  target(
    'hppa',
    'hppa',
    '7f454c460102010000000000000000000002000f',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'HP PA-RISC',
  ),
  target(
    'riscv32',
    'riscv',
    '7f454c460101010000000000000000000200f300',
    'ffffffffffffff00fffffffffffffffffeffffff',
    'RISC-V, 32-bit',
  ),
  target(
    'riscv64',
    'riscv',
    '7f454c460201010000000000000000000200f300',
    'ffffffffffffff00fffffffffffffffffeffffff',
    'RISC-V, 64-bit',
  ),
  target(
    'xtensa',
    'xtensa',
    '7f454c4601010100000000000000000002005e00',
    'ffffffffffffff00fffffffffffffffffeffffff',
    'Xtensa',
  ),
  target(
    'xtensaeb',
    'xtensaeb',
    '7f454c460102010000000000000000000002005e',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'Xtensa big-endian',
  ),
  target(
    'microblaze',
    'microblaze',
    '7f454c460102010000000000000000000002baab',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'MicroBlaze',
  ),
  target(
    'microblazeel',
    'microblazeel',
    '7f454c460101010000000000000000000200abba',
    'ffffffffffffff00fffffffffffffffffeffffff',
    'MicroBlaze little-endian',
  ),
  target(
    'or1k',
    'or1k',
    '7f454c460102010000000000000000000002005c',
    'ffffffffffffff00fffffffffffffffffffeffff',
    'OpenRISC',
  ),
  target(
    'x86_64',
    'i386',
    '7f454c4602010100000000000000000002003e00',
    'fffffffffffefe00fffffffffffffffffeffffff',
    'x86, 64-bit',
  ),
  target(
    'hexagon',
    'hexagon',
    '7f454c460101010000000000000000000200a400',
    'ffffffffffffff00fffffffffffffffffeffffff',
    'Qualcomm Hexagon',
  ),
  target(
    'loongarch64',
    'loongarch',
    '7f454c4602010100000000000000000002000201',
    'fffffffffffffffc00fffffffffffffffeffffff',
    'LoongArch, 64-bit',
  ),
];

/** The target of that name, or undefined. */
export const targetNamed = (name: string): Target | undefined => targets.find((one) => one.name === name);

/** The name qemu-binfmt-conf.sh gives a target's entry. */
export const entryNameOf = (target: Target): string => `qemu-${target.name}`;

/** Whether an entry is QEMU's by its name: every tool calls them so. */
export const isQemuEntryName = (name: string): boolean => name.startsWith('qemu-');

/** QEMU's name of the emulator: `i486` has none of its own. */
export const emulatorNameOf = (target: Target): string => (target.name === 'i486' ? 'i386' : target.name);

/** QEMU's name of a machine's CPU, as `uname -m` or a distribution names it (`qemu_normalize()` of qemu-binfmt-conf.sh). */
export function cpuOfMachine(machine: string): string {
  if (/^i[3-6]86$/.test(machine)) return 'i386';
  if (/^(armel|armhf|armv[4-9].*l)$/.test(machine)) return 'arm';
  if (/^armv[4-9].*b$/.test(machine)) return 'armeb';
  return otherNames.get(machine) ?? machine;
}

const otherNames: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['powerpc', 'ppc'],
  ['ppc64el', 'ppc64le'],
  ['arm64', 'aarch64'],
]);

/**
 * The family of a machine as `uname -m` names it, after the family rules of qemu-binfmt-conf.sh. A machine it does
 * not know is a family of its own.
 */
export function familyOfMachine(machine: string): string {
  const family = targetNamed(cpuOfMachine(machine))?.family;
  if (family !== undefined) return family;
  if (/^(i[7-9]86|cpu|BePC)$/.test(machine)) return 'i386';
  if (machine === 'Power Macintosh') return 'ppc';
  return (
    ['mips', 'ppc', 'arm', 'sparc', 'riscv', 'loongarch'].find((one) => machine.startsWith(one)) ?? machine
  );
}
