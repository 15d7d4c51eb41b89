import { closeSync, openSync, readSync } from 'node:fs';
import { byteOrderOf, elfClassOf, elfFields, isElf } from './elf-header.ts';
import { bytesOfHex } from './hex.ts';
import { registrationLimits } from './register-line.ts';
import { cpuOfMachine, type Target, targetNamed } from './targets.ts';

/** How much of a file's beginning decides who runs it: BINPRM_BUF_SIZE. */
const HEAD_BYTES = registrationLimits.matchedBytes;

const EXECUTABLE = 2;
const POSITION_INDEPENDENT = 3;
const SYSTEM_V = 0;
const GNU_LINUX = 3;

/**
 * The beginnings that programs of a target have: executables and PIEs, marked System V (the usual case) or
 * GNU/Linux (what glibc marks static programs with). 256 bytes each, zeros behind the header.
 */
export function sampleHeads(target: Target): readonly Uint8Array[] {
  const magic = bytesOfHex(target.magic);
  const order = byteOrderOf(magic);
  const elfClass = elfClassOf(magic);
  const sizeOfField = new Map([
    ['e_version', 1],
    ['e_ehsize', elfClass === 64 ? 64 : 52],
    ['e_phentsize', elfClass === 64 ? 56 : 32],
    ['e_phoff', elfClass === 64 ? 64 : 52],
    ['e_phnum', 1],
    ['e_shentsize', elfClass === 64 ? 64 : 40],
  ]);
  return [EXECUTABLE, POSITION_INDEPENDENT].flatMap((type) =>
    [SYSTEM_V, GNU_LINUX].map((osAbi) => {
      const head = new Uint8Array(HEAD_BYTES);
      for (const field of elfFields(elfClass)) {
        const value = sizeOfField.get(field.name);
        if (value !== undefined) head[lowByteOf(field, order)] = value;
      }
      head.set(magic.subarray(0, 20));
      // e_flags tells o32 from n32 (EF_MIPS_ABI2); the other magics end before it.
      for (const field of elfFields(elfClass)) {
        if (field.name === 'e_flags') head.set(magic.subarray(field.offset, field.offset + 4), field.offset);
      }
      head[7] = osAbi;
      head[lowByteOf({ offset: 16, size: 2 }, order)] = type;
      return head;
    }),
  );
}

/**
 * The beginnings of the programs this machine runs itself: an entry that takes one of them stops every
 * program on the machine, also the one that would undo it. Built from the machine's name, and read from
 * programs that are running, because a 64-bit kernel may have a 32-bit userland.
 */
export function nativeHeads(machine: string): readonly Uint8Array[] {
  const known = nativeHeadsOf.get(machine) ?? findNativeHeads(machine);
  nativeHeadsOf.set(machine, known);
  return known;
}

const nativeHeadsOf = new Map<string, readonly Uint8Array[]>();

function findNativeHeads(machine: string): readonly Uint8Array[] {
  const native = targetNamed(cpuOfMachine(machine));
  const built = native === undefined ? [] : sampleHeads(native);
  const read = ['/proc/self/exe', '/bin/bash'].map(readHead).filter((head) => head !== null && isElf(head));
  const scripts = ['#!/bin/sh\n', '#!/bin/bash\n', '#!/usr/bin/env bash\n'].map((line) => {
    const head = new Uint8Array(HEAD_BYTES);
    head.set(Buffer.from(line));
    return head;
  });
  return [...built, ...(read as Uint8Array[]), ...scripts];
}

/** The first 256 bytes of a file, zeros behind its end; null when it cannot be read. */
export function readHead(path: string): Uint8Array | null {
  const head = new Uint8Array(HEAD_BYTES);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    readSync(file, head, 0, HEAD_BYTES, 0);
    return head;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

const lowByteOf = (field: { offset: number; size: number }, order: 'little' | 'big'): number =>
  order === 'little' ? field.offset : field.offset + field.size - 1;
