/** Which program an image is for: the host's name (`uname -m`) and QEMU's version; null when that is not known. */
export interface Versioned {
  readonly machine: string;
  readonly version: string | null;
}

/**
 * The tags of the image with one target's emulator, as multiarch/qemu-user-static names them (its README):
 * `x86_64-aarch64`, `aarch64` and, with QEMU's version behind them, both again.
 */
export function emulatorTags(target: string, { machine, version }: Versioned): readonly string[] {
  const names = [`${machine}-${target}`, target];
  return version === null ? names : [...names, ...names.map((name) => `${name}-${version}`)];
}

/** The tags of the image with all emulators: it is multiarch's `latest`, and the one named after the version. */
export const latestTags = ({ version }: Versioned): readonly string[] =>
  version === null ? ['latest'] : ['latest', version];

export const registerTags: readonly string[] = ['register'];

/** The version that all have in common, or null. */
export function commonVersion(versions: readonly (string | null)[]): string | null {
  const [first = null] = versions;
  return versions.every((version) => version === first) ? first : null;
}
