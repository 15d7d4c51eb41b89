import { execFileSync } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Calls execve(2) itself for each file, in a child of its own: libc and shells would hand a file that the kernel
 * refuses to /bin/sh. Prints what the program printed, or the errno.
 */
const EXECVE = String.raw`
my ($number, @files) = @ARGV;
for my $file (@files) {
  pipe(my $read, my $write);
  if (my $pid = fork()) {
    close $write;
    local $/;
    print <$read> // '', "\0";
    waitpid($pid, 0);
    next;
  }
  open STDOUT, '>&', $write;
  open STDERR, '>', '/dev/null';
  my @args = ($file, '/proc/self/exe');
  my $args = pack('p*', @args) . "\0" x 8;
  my $environment = "\0" x 8;
  syscall($number, $file, $args, $environment);
  syswrite STDOUT, 'errno ' . ($! + 0);
  kill KILL => $$;
}`;
const execveNumbers: Readonly<Record<string, string>> = {
  x64: '59',
  arm64: '221',
  riscv64: '221',
  s390x: '11',
};

/**
 * What becomes of each file: the lines it printed, or the name of the errno. `through` is a command that starts
 * what executes them.
 */
export function execute(
  files: readonly string[],
  through: readonly string[] = [],
): readonly (readonly string[] | string)[] {
  const number = execveNumbers[process.arch];
  if (number === undefined) throw new Error(`The number of execve(2) on ${process.arch} is not known here.`);
  const [program = '', ...args] = [...through, 'perl', '-e', EXECVE, number, ...files];
  const output = execFileSync(program, args, { encoding: 'utf8' });
  // Node names no errno that POSIX does not.
  const names = Object.entries({ ...constants.errno, ELIBBAD: 80 });
  return output
    .split('\0')
    .slice(0, -1)
    .map((printed) => {
      const errno = /^errno (\d+)$/.exec(printed)?.[1];
      if (errno === undefined) return printed.split('\n').filter(Boolean);
      return names.find(([, value]) => value === Number(errno))?.[0] ?? errno;
    });
}
