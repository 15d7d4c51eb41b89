import { emulatorNameOf, type Target } from '../targets.ts';
import { PROOF_EXIT_STATUS } from './proof-program.ts';
import type { Run } from './run-program.ts';

/** Whether programs of a target run here. Plain data: it travels to the window as it is. */
export type Verification = Passed | Failed;

export interface Passed {
  readonly verdict: 'passed';
  /** The target's name. */
  readonly target: string;
  /** From the start of the process to its end. */
  readonly milliseconds: number;
}

export interface Failed {
  readonly verdict: 'failed';
  /** The target's name. */
  readonly target: string;
  readonly kind: FailureKind;
  /** What happened and what to do, in two or three sentences. */
  readonly explanation: string;
}

/**
 * - `not-recognized`: nothing takes such a file (ENOEXEC);
 * - `interpreter-missing`: the entry's interpreter is not there (ENOENT);
 * - `not-permitted`: the interpreter must not be executed (EACCES, EPERM);
 * - `not-executed`: execve(2) failed for another reason;
 * - `wrong-emulator`: the interpreter says that the program is for another CPU;
 * - `wrong-flags`: the interpreter says that it must be registered with other flags;
 * - `wrong-result`: the program did not exit with 42, or was killed by a signal;
 * - `timed-out`: it was killed when its time was up;
 * - `not-tried`: nothing was executed, which says nothing of the target.
 */
export type FailureKind =
  | 'not-recognized'
  | 'interpreter-missing'
  | 'not-permitted'
  | 'not-executed'
  | 'wrong-emulator'
  | 'wrong-flags'
  | 'wrong-result'
  | 'timed-out'
  | 'not-tried';

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
      return explainError(target, run.error);
    case 'exited':
      return explainResult(target, `exited with status ${run.status}`, run.output);
    case 'killed':
      return explainResult(target, `was killed by ${run.signal}`, run.output);
    case 'timed-out':
      return {
        kind: 'timed-out',
        explanation:
          `The interpreter did not finish within ${timeoutMs / 1000} s and was killed. ` +
          `Check that it is ${emulatorOf(target)} and not a program that waits for something.`,
      };
    case 'not-tried':
      return { kind: 'not-tried', explanation: `Nothing was executed, for ${run.problem}.` };
  }
}

function explainError(target: Target, error: string): Explained {
  switch (error) {
    case 'Exec format error':
      return {
        kind: 'not-recognized',
        explanation:
          `The kernel does not recognize programs of ${target.name} (${error}): no enabled entry takes ` +
          'them, or the interpreter is itself no program of this machine. Register or enable the target.',
      };
    case 'No such file or directory':
      return {
        kind: 'interpreter-missing',
        explanation:
          'The kernel does not find the interpreter of the entry, or the loader which that needs ' +
          `(${error}). Install ${emulatorOf(target)}, and register the target with its path.`,
      };
    case 'Permission denied':
    case 'Operation not permitted':
      return {
        kind: 'not-permitted',
        explanation:
          `The interpreter of the entry must not be executed (${error}): it is not marked executable, ` +
          'lies on a file system mounted noexec, or a security policy forbids it. Allow it, or register another.',
      };
    default:
      return {
        kind: 'not-executed',
        explanation: `The kernel could not start the program (${error}). ${remedies[error] ?? ''}`.trim(),
      };
  }
}

const remedies: Readonly<Record<string, string>> = {
  'Too many levels of symbolic links': 'The entry takes its own interpreter too: unregister it.',
  'Text file busy': 'The interpreter is being written: verify again when it is installed.',
};

function explainResult(target: Target, result: string, output: string): Explained {
  const said = firstLineOf(output);
  if (WRONG_CPU.test(output)) {
    return {
      kind: 'wrong-emulator',
      explanation:
        `The interpreter of the entry emulates another CPU; it said “${said}”. ` +
        `Register the target with ${emulatorOf(target)}.`,
    };
  }
  if (WANTS_ARGV0.test(output)) {
    return {
      kind: 'wrong-flags',
      explanation:
        `The interpreter of the entry wants to be given argv[0]; it said “${said}”. ` +
        'Register the target with flag P, or with an interpreter whose name does not end in -binfmt-P.',
    };
  }
  return {
    kind: 'wrong-result',
    explanation:
      `The program should have exited with status ${PROOF_EXIT_STATUS}, but ${result}` +
      `${said === '' ? '' : `; the interpreter said “${said}”`}. ` +
      `Check that the interpreter of the entry is ${emulatorOf(target)}.`,
  };
}

/**
 * What QEMU says of a file whose machine, class or byte order is not its own (linux-user/elfload.c, main.c);
 * Hexagon's looks for a CPU to suit e_flags first.
 */
const WRONG_CPU =
  /Invalid ELF image for this architecture|Error while loading .*: Exec format error|unable to find CPU model 'unknown/;

/** What Debian's QEMU says when its name promises `P` and it gets no argv[0]. */
const WANTS_ARGV0 = /has to be run using kernel binfmt-misc subsystem/;

/** The first line, without the path under which the program was executed and without control characters. */
const firstLineOf = (output: string): string =>
  (output.trim().split('\n')[0] ?? '')
    .replace(/\/proc\/self\/fd\/\d+: /, '')
    .replace(/[^\x20-\x7e]/g, '')
    .slice(0, 200);

const emulatorOf = (target: Target): string => `qemu-${emulatorNameOf(target)}`;
