import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { commandLine } from '../../electron/terminal/command-line.ts';
import type { BuiltTerminal, RunOptions } from './built-terminal.ts';

export interface TerminalOptions extends Pick<RunOptions, 'env' | 'through'> {
  /** How wide it is. */
  readonly columns?: number;
  /** What somebody types once they are asked. */
  readonly answer?: string;
}

/** What a run of the command on a terminal came to, and all that is to be seen there. */
export async function atTerminal(
  terminal: BuiltTerminal,
  words: readonly string[],
  { columns = 80, env = {}, through = [], answer }: TerminalOptions = {},
): Promise<{ readonly status: number; readonly said: string }> {
  const command = commandLine([...through, process.execPath, terminal.file, ...words]);
  const sized = `stty cols ${columns} rows 50; exec ${command}`;
  const script = spawn('script', ['--quiet', '--return', '--command', sized, '/dev/null'], {
    env: { ...terminal.env, TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  let isAnswered = answer === undefined;
  script.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (isAnswered || !said.includes('[y/N] ')) return;
    isAnswered = true;
    script.stdin.write(answer);
  });
  const [status] = (await once(script, 'close')) as [number];
  return { status, said: said.replace(/\r+\n/g, '\n') };
}
