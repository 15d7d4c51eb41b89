import { emulatorNameOf, targetNamed } from '../targets.ts';
import type { ElfContent } from './explanation.ts';
import type { Inspect } from './inspect-file.ts';

/** What became of the search for a program's loader. */
export type LoaderSearch =
  | { readonly kind: 'found' }
  | {
      readonly kind: 'missing';
      readonly loader: string;
      /** Where a cross compiler's libraries bring the loader, which QEMU is not told of; null when they are not there. */
      readonly prefix: string | null;
    };

/**
 * Looks for the loader of a foreign program where QEMU would (linux-user/main.c, util/path.c): in the
 * environment's QEMU_LD_PREFIX, or else in the directory it was built for (`/usr/gnemul/qemu-TARGET`, in Debian
 * `/etc/qemu-binfmt/TARGET`), and then at its own path. It must be for the program's own CPU: several share names.
 */
export async function findLoader(
  program: ElfContent,
  inspect: Inspect,
  environmentPrefix: string | undefined,
): Promise<LoaderSearch> {
  const { loader, target } = program;
  if (loader === null) return { kind: 'found' };
  const isThere = async (path: string): Promise<boolean> => {
    const { content } = await inspect(path);
    return content.kind === 'elf' && content.machine === program.machine;
  };
  const emulator = emulatorNameFor(target);
  const built = emulator === null ? [] : [`/etc/qemu-binfmt/${emulator}`, `/usr/gnemul/qemu-${emulator}`];
  const prefixes = environmentPrefix ? [environmentPrefix] : built;
  for (const path of [...prefixes.map((prefix) => prefix + loader), loader]) {
    if (await isThere(path)) return { kind: 'found' };
  }
  const crossPrefix = target === null ? undefined : crossPrefixes[target];
  const prefix = crossPrefix !== undefined && (await isThere(crossPrefix + loader)) ? crossPrefix : null;
  return { kind: 'missing', loader, prefix };
}

const emulatorNameFor = (target: string | null): string | null => {
  const known = target === null ? undefined : targetNamed(target);
  return known === undefined ? null : emulatorNameOf(known);
};

/** Where Debian's packages of libraries for cross compilers (libc6-ARCH-cross) lie. */
const crossPrefixes: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      ['aarch64', 'aarch64-linux-gnu'],
      ['alpha', 'alpha-linux-gnu'],
      ['arm', 'arm-linux-gnueabihf'],
      ['hppa', 'hppa-linux-gnu'],
      ['i386', 'i686-linux-gnu'],
      ['loongarch64', 'loongarch64-linux-gnu'],
      ['m68k', 'm68k-linux-gnu'],
      ['mips', 'mips-linux-gnu'],
      ['mips64el', 'mips64el-linux-gnuabi64'],
      ['mipsel', 'mipsel-linux-gnu'],
      ['ppc', 'powerpc-linux-gnu'],
      ['ppc64', 'powerpc64-linux-gnu'],
      ['ppc64le', 'powerpc64le-linux-gnu'],
      ['riscv64', 'riscv64-linux-gnu'],
      ['s390x', 's390x-linux-gnu'],
      ['sh4', 'sh4-linux-gnu'],
      ['sparc64', 'sparc64-linux-gnu'],
      ['x86_64', 'x86_64-linux-gnu'],
    ] as const
  ).map(([target, triplet]) => [target, `/usr/${triplet}`]),
);
