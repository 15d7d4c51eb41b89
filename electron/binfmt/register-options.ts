import type { MagicRegistration } from './register-line.ts';
import { emulatorNameOf, entryNameOf, type Target } from './targets.ts';

/** How targets are to be registered. */
export interface RegisterOptions {
  readonly interpreter: InterpreterChoice;
  /** `F` */
  readonly persistent: boolean;
  /** `OC` */
  readonly credentials: boolean;
  /** `P`; `as-needed`: where the interpreter's name says that it wants it. */
  readonly preserveArgv0: boolean | 'as-needed';
}

/**
 * - `found`: the best emulator on disk;
 * - `directory`: by directory and suffix, as qemu-binfmt-conf.sh has it from `--qemu-path` and `--qemu-suffix`;
 * - `file`: this one.
 */
export type InterpreterChoice =
  | { readonly kind: 'found' }
  | { readonly kind: 'directory'; readonly directory: string; readonly suffix: string }
  | { readonly kind: 'file'; readonly path: string };

/** What Register does when nobody says otherwise. */
export const defaultRegisterOptions: RegisterOptions = {
  interpreter: { kind: 'found' },
  persistent: true,
  credentials: false,
  preserveArgv0: 'as-needed',
};

/** Whether QEMU counts on `P` under that name: Debian's QEMU looks at its own, whatever AT_FLAGS says. */
export const expectsArgv0 = (path: string): boolean => path.endsWith('-binfmt-P');

/** The flags for an interpreter, in the order of qemu-binfmt-conf.sh: OC, F, P. */
export function flagsOf(options: RegisterOptions, interpreter: string): string {
  const { persistent, credentials, preserveArgv0 } = options;
  const wantsArgv0 = preserveArgv0 === 'as-needed' ? expectsArgv0(interpreter) : preserveArgv0;
  return `${credentials ? 'OC' : ''}${persistent ? 'F' : ''}${wantsArgv0 ? 'P' : ''}`;
}

/**
 * The interpreter to register for a target; `found` is the best one on disk, and null comes back when that is
 * asked for and there is none. A directory is taken as it is, as qemu-binfmt-conf.sh does it: a slash at its
 * end stays.
 */
export function interpreterPathOf(
  target: Target,
  { interpreter }: RegisterOptions,
  found: string | null,
): string | null {
  switch (interpreter.kind) {
    case 'found':
      return found;
    case 'directory':
      return `${interpreter.directory}/qemu-${emulatorNameOf(target)}${interpreter.suffix}`;
    case 'file':
      return interpreter.path;
  }
}

/** What registers a target like this. */
export const registrationWith = (
  target: Target,
  interpreter: string,
  options: RegisterOptions,
): MagicRegistration => ({
  kind: 'magic',
  name: entryNameOf(target),
  offset: 0,
  magic: target.magic,
  mask: target.mask,
  interpreter,
  flags: flagsOf(options, interpreter),
});

/**
 * Why nothing can be registered like this, as a sentence; null when it can. One file serves one emulator only:
 * `targets` are those to be registered.
 */
export function problemOfOptions(
  { interpreter }: RegisterOptions,
  targets: readonly Target[] = [],
): string | null {
  switch (interpreter.kind) {
    case 'found':
      return null;
    case 'directory': {
      const { directory, suffix } = interpreter;
      if (suffix.includes('/')) return 'The suffix ends the name of a file: it must not contain a slash.';
      return problemOfPath(directory, 'directory') ?? problemOfCharacters(suffix, 'suffix');
    }
    case 'file': {
      const emulators = new Set(targets.map(emulatorNameOf));
      if (emulators.size > 1) {
        return `One interpreter cannot run the programs of ${emulators.size} CPUs. Choose a directory instead.`;
      }
      return problemOfPath(interpreter.path, 'interpreter');
    }
  }
}

const problemOfPath = (path: string, what: string): string | null =>
  path.startsWith('/')
    ? problemOfCharacters(path, what)
    : `The ${what} must be an absolute path, such as /usr/bin.`;

const problemOfCharacters = (text: string, what: string): string | null =>
  /[\0\n]/.test(text) ? `The ${what} must not contain a line break or a NUL byte.` : null;
