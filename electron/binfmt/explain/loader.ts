import { emulatorNameOf, targetNamed } from '../targets.ts';
import type { ElfContent, FoundLoader } from './explanation.ts';
import type { Inspect } from './inspect-file.ts';

/** What became of the search for the loader that a foreign program names. */
export type LoaderSearch =
  | ({ readonly kind: 'found' } & FoundLoader)
  /** What QEMU takes for it is none for the program's CPU. */
  | ({ readonly kind: 'unfit' } & FoundLoader)
  | {
      readonly kind: 'missing';
      readonly path: string;
      /** Where a cross compiler's libraries bring the loader, which QEMU is not told of; null when they are not there. */
      readonly crossPrefix: string | null;
    };

/**
 * Looks for the loader of a foreign program where QEMU does (linux-user/main.c, util/path.c): in the environment's
 * QEMU_LD_PREFIX, or else in the directory it was built for (`/usr/gnemul/qemu-TARGET`, in Debian
 * `/etc/qemu-binfmt/TARGET`), and then at its own path. The first file that is there is the one. Null where the
 * program names none.
 */
export async function findLoader(
  { loader, target, machine }: ElfContent,
  inspect: Inspect,
  environmentPrefix: string | undefined,
): Promise<LoaderSearch | null> {
  if (loader === null) return null;
  for (const prefix of [...prefixesFor(target, environmentPrefix), null]) {
    const path = `${prefix ?? ''}${loader}`;
    const { access, content } = await inspect(path);
    if (access.kind === 'refused' && access.reason === 'cannot-be-reached') continue;
    const fits = content.kind === 'elf' && content.machine === machine;
    return { kind: fits ? 'found' : 'unfit', path, prefix };
  }
  const cross = target === null ? undefined : crossPrefixes[target];
  if (cross === undefined) return { kind: 'missing', path: loader, crossPrefix: null };
  const { content } = await inspect(cross + loader);
  const isThere = content.kind === 'elf' && content.machine === machine;
  return { kind: 'missing', path: loader, crossPrefix: isThere ? cross : null };
}

/** A prefix that leads nowhere is none, also one that the environment has (`init_paths()`). */
function prefixesFor(target: string | null, environmentPrefix: string | undefined): readonly string[] {
  if (environmentPrefix !== undefined)
    return ['', '/'].includes(environmentPrefix) ? [] : [environmentPrefix];
  const known = target === null ? undefined : targetNamed(target);
  if (known === undefined) return [];
  const emulator = emulatorNameOf(known);
  return [`/etc/qemu-binfmt/${emulator}`, `/usr/gnemul/qemu-${emulator}`];
}
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
