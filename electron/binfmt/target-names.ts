import { type Target, targetNamed, targets } from './targets.ts';

/**
 * What others call QEMU's targets: Docker (Go's GOARCH, with the variants of OCI's image specification) and
 * Debian (dpkg's cputable).
 */
const otherNames: readonly (readonly [target: string, ...names: string[]])[] = [
  ['x86_64', 'amd64', 'amd64/v1', 'amd64/v2', 'amd64/v3', 'amd64/v4', 'x32'],
  ['i386', '386'],
  ['aarch64', 'arm64', 'arm64/v8', 'arm64/v9'],
  ['aarch64_be', 'arm64be'],
  ['arm', 'armhf', 'armel', 'arm/v5', 'arm/v6', 'arm/v7', 'arm/v8'],
  ['armeb', 'armbe'],
  ['ppc', 'powerpc'],
  ['ppc64le', 'ppc64el'],
  ['mipsel', 'mipsle'],
  ['mipsn32', 'mips64p32'],
  ['mipsn32el', 'mips64p32le'],
  ['mips64el', 'mips64le'],
  ['loongarch64', 'loong64'],
];

const targetsByName: ReadonlyMap<string, Target> = new Map([
  ...otherNames.flatMap(([name, ...others]) => {
    const target = targetNamed(name);
    return target === undefined ? [] : others.map((other) => [other, target] as const);
  }),
  ...targets.map((target) => [target.name, target] as const),
]);

/** The target that QEMU, Docker (also as `linux/arm64`) or Debian calls so, in whatever case; or undefined. */
export const targetCalled = (name: string): Target | undefined =>
  targetsByName.get(name.toLowerCase().replace(/^linux\//, ''));

/** All names of targets, QEMU's, Docker's and Debian's. */
export const allTargetNames: readonly string[] = [...targetsByName.keys()];
