import type { Result } from '../../binfmt/result.ts';
import type { System } from './system.ts';

/** What a package manager says of packages before they are installed. */
export interface FoundPackages {
  /** Those to install: what was asked for, and what belongs to it here. */
  readonly packages: readonly string[];
  /** The version of the first that was asked for. */
  readonly version: string;
  /** In bytes, with what they need; null where the manager does not tell. */
  readonly downloadBytes: number | null;
  readonly installedBytes: number | null;
  /** Since when they have their targets registered by themselves. */
  readonly registering: 'now' | 'next start' | 'never';
}

export type QueryProblem =
  /** It knows no such package: there is none, or its lists are missing or old. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'installed' }
  /** Its own words, one line. */
  | { readonly kind: 'refused'; readonly message: string };

/** Asks a package manager, as an ordinary user, changing nothing. */
export type QueryPackages = (
  system: System,
  packages: readonly string[],
) => Promise<Result<FoundPackages, QueryProblem>>;

/** The sum; null when one of them is not known, or there are none. */
export const sumOf = (numbers: readonly (number | null)[]): number | null =>
  numbers.length === 0 || numbers.includes(null)
    ? null
    : numbers.reduce<number>((sum, number) => sum + (number ?? 0), 0);

const units: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** The bytes that `62.31 MiB`, `1.4 M` or `512 B` stand for, as these tools mean them; null for anything else. */
export function bytesOf(text: string): number | null {
  const [, number, unit] = /^\s*([\d.]+) ?([BKMG])/i.exec(text) ?? [];
  const factor = units[unit?.toLowerCase() ?? ''];
  return number === undefined || factor === undefined ? null : Math.round(Number(number) * factor);
}

/** The field of a `Name : value` listing. */
export const fieldOf = (text: string, name: string): string | null =>
  new RegExp(`^${name} *: *(.+?) *$`, 'm').exec(text)?.[1] ?? null;
