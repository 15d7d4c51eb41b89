import { emulatorNameOf, type Target } from '../targets.ts';
import { PROOF_EXIT_STATUS } from './proof-program.ts';
import type { Run } from './run-program.ts';

/** Whether programs of a target run here. Plain data: it travels to the window as it is. */
export type Verification = Passed | Failed;

export interface Passed {
  readonly verdict: 'passed';
  /** The target's name. */
  readonly target: string;
  /** From asking the kernel to the program's end. */
  readonly milliseconds: number;
}

export interface Failed {
  readonly verdict: 'failed';
  readonly target: string;
  readonly kind: FailureKind;
  /** What happened and what to do, in one or two sentences. */
  readonly explanation: string;
}

/**
 * - `not-recognized`: nothing takes such a file (ENOEXEC);
 * - `interpreter-missing`: the entry's interpreter is not there (ENOENT);
 * - `not-permitted`: the interpreter must not be executed (EACCES, EPERM);
 * - `wrong-emulator`: the interpreter says that the program is for another CPU;
 * - `wrong-result`: the program did not exit with 42, or was killed by a signal;
 * - `timed-out`: it was killed when its time was up;
 * - `not-executed`: execve(2) failed for another reason;
 * - `no-directory`: the program could not be put anywhere, so nothing was tried.
 */
export type FailureKind =
  | 'not-recognized'
  | 'interpreter-missing'
  | 'not-permitted'
  | 'wrong-emulator'
  | 'wrong-result'
  | 'timed-out'
  | 'not-executed'
  | 'no-directory';

/** What the run of a target's proof program says of the target. */
export function judge(target: Target, run: Run, timeoutMs: number): Verification {
  if (run.end === 'exited' && run.status === PROOF_EXIT_STATUS) {
    return { verdict: 'passed', target: target.name, milliseconds: run.milliseconds };
  }
  return { verdict: 'failed', target: target.name, ...explain(target, run, timeoutMs) };
}

type Explained = Pick<Failed, 'kind' | 'explanation'>;

function explain(target: Target, run: Run, timeoutMs: number): Explained {
  switch (run.end) {
    case 'not-executed':
      return explainCode(target, run.code);
    case 'exited':
      return explainResult(target, `exited with status ${run.status}`, run.output);
    case 'killed':
      return explainResult(target, `was killed by ${run.signal}`, run.output);
    case 'timed-out':
      return {
        kind: 'timed-out',
        explanation:
          `The interpreter was killed because it did not finish within ${timeoutMs / 1000} s. ` +
          `Check that it is ${emulatorOf(target)} and not a program that waits for something.`,
      };
    case 'no-directory':
      return {
        kind: 'no-directory',
        explanation:
          `Nothing was tried, for there is no directory to start a program from: ${run.problem}. ` +
          'Set TMPDIR to a writable directory on a file system that is not mounted noexec.',
      };
  }
}

function explainCode(target: Target, code: string): Explained {
  switch (code) {
    case 'ENOEXEC':
      return {
        kind: 'not-recognized',
        explanation:
          `The kernel does not recognize programs of ${target.name} (Exec format error): no enabled entry takes ` +
          'them, or the interpreter is itself no program of this machine. Register or enable the target.',
      };
    case 'ENOENT':
      return {
        kind: 'interpreter-missing',
        explanation:
          'The kernel does not find the interpreter of the entry, or the loader that the interpreter needs (No ' +
          `such file or directory). Install ${emulatorOf(target)}, and register the target with its path.`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        kind: 'not-permitted',
        explanation:
          `The interpreter of the entry must not be executed (${texts[code]}): it is not marked executable, ` +
          'lies on a file system mounted noexec, or a security policy forbids it. Allow it, or register another.',
      };
    default:
      return {
        kind: 'not-executed',
        explanation:
          `The kernel could not start the program (${texts[code] ?? code}). ${remedies[code] ?? ''}`.trim(),
      };
  }
}

/** As strerror(3) and the shells word them. */
const texts: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ELOOP: 'Too many levels of symbolic links',
  ETXTBSY: 'Text file busy',
  EAGAIN: 'Resource temporarily unavailable',
  ENOMEM: 'Cannot allocate memory',
  EMFILE: 'Too many open files',
};

const remedies: Readonly<Record<string, string>> = {
  ELOOP: 'The entry takes its own interpreter too: unregister it.',
  ETXTBSY: 'A file is being written: verify again when that is done.',
  EAGAIN: 'Too many processes are running: verify again when there are fewer.',
  ENOMEM: 'Verify again when there is more memory.',
};

function explainResult(target: Target, result: string, output: string): Explained {
  const said = firstLineOf(output);
  if (WRONG_CPU.test(output)) {
    return {
      kind: 'wrong-emulator',
      explanation:
        `The interpreter of the entry is an emulator of another CPU; it said “${said}”. ` +
        `Register the target with ${emulatorOf(target)}.`,
    };
  }
  return {
    kind: 'wrong-result',
    explanation:
      `The program should have exited with status ${PROOF_EXIT_STATUS} and ${result}` +
      `${said === '' ? '' : `, saying “${said}”`}. Check that the interpreter of the entry is ${emulatorOf(target)}.`,
  };
}

/** What QEMU says of a file whose e_machine, class or byte order is not its own (linux-user/elfload.c, main.c). */
const WRONG_CPU = /Invalid ELF image for this architecture|Error while loading .*: Exec format error/;

/** The first line, without the path under which the program was executed and without control characters. */
const firstLineOf = (output: string): string =>
  (output.trim().split('\n')[0] ?? '')
    .replace(/^\/proc\/self\/fd\/\d+: /, '')
    .replace(/[^\x20-\x7e]/g, '')
    .slice(0, 200);

const emulatorOf = (target: Target): string => `qemu-${emulatorNameOf(target)}`;
