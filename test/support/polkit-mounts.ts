import { execFileSync } from 'node:child_process';

/** How to uncover again what was covered. */
export type PutBack = () => void;

/** Mounts something over a place, in our own mount namespace. */
export function cover(place: string, ...what: readonly string[]): PutBack {
  execFileSync('mount', [...what, place]);
  // Lazily: a program that was started from there may still be ending.
  return () => void execFileSync('umount', ['--lazy', place]);
}

/** Puts another file in the place of one. */
export const coverFile = (place: string, other: string): PutBack => cover(place, '--bind', other);
