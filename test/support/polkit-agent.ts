import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { user } from './ordinary-user.ts';
import { coverFile, type PutBack } from './polkit-mounts.ts';
import { expect } from './program.ts';

/**
 * polkit's own agent for terminals, in a terminal in which a test types. A desktop's agent answers for all of its
 * session; this one for a single process, which must be the parent of pkexec: sudo-prompt's `sh`. So each `sh` that is
 * about to start pkexec waits until it has an agent, and then is the machine's own, with the same process id.
 */
export class PasswordAgent {
  private answered = 0;
  private output = '';
  private readonly directory = mkdtempSync(path.join(tmpdir(), 'agent-'));
  private readonly putShellBack: PutBack;
  private readonly terminals = new Map<string, ChildProcess>();
  private readonly looking: NodeJS.Timeout;
  private isHeld = false;

  private constructor() {
    chownSync(this.directory, user.uid, user.gid);
    const shell = realpathSync('/bin/sh');
    copyFileSync(shell, path.join(this.directory, 'sh'));
    const waiting = path.join(this.directory, 'waiting-sh');
    writeFileSync(
      waiting,
      `#!/bin/bash
if [[ \${2-} == *pkexec* ]]; then
  : > '${this.directory}'/wants.$$
  until [[ -e '${this.directory}'/has.$$ ]]; do sleep 0.01; done
fi
exec '${this.directory}/sh' "$@"
`,
    );
    chmodSync(waiting, 0o755);
    this.putShellBack = coverFile(shell, waiting);
    this.looking = setInterval(() => this.look(), 10);
  }

  static start(): PasswordAgent {
    return new PasswordAgent();
  }

  /** From now on pkexec is not started before {@link release}. */
  hold(): void {
    this.isHeld = true;
  }

  /** Waits until pkexec would be started. */
  async isWanted(): Promise<void> {
    await expect.poll(() => this.wanted().length).toBeGreaterThan(0);
  }

  release(): void {
    this.isHeld = false;
  }

  /** Waits until it asks for a password that was not typed yet. */
  async asks(): Promise<void> {
    await expect.poll(() => this.promptCount).toBe(this.answered + 1);
  }

  /** Types a line at the prompt. */
  async type(line: string): Promise<void> {
    await this.asks();
    this.answered += 1;
    this.terminal?.stdin?.write(`${line}\n`);
  }

  /** Presses Ctrl+C at the prompt, which ends it. */
  async pressCtrlC(): Promise<void> {
    await this.asks();
    this.terminal?.stdin?.write('\x03');
  }

  /** How often it has asked for a password. */
  get promptCount(): number {
    return this.output.split('Password: ').length - 1;
  }

  async stop(): Promise<void> {
    clearInterval(this.looking);
    this.putShellBack();
    for (const terminal of this.terminals.values()) {
      if (terminal.exitCode !== null || terminal.signalCode !== null) continue;
      const exited = once(terminal, 'exit');
      // Without its terminal the agent ends too.
      terminal.kill('SIGKILL');
      await exited;
    }
  }

  /** The terminal of the last prompt. */
  private get terminal(): ChildProcess | undefined {
    return [...this.terminals.values()].at(-1);
  }

  private look(): void {
    if (this.isHeld) return;
    for (const pid of this.wanted())
      if (!this.terminals.has(pid)) this.terminals.set(pid, this.agentFor(pid));
  }

  /** The process ids of those shells that want one, or have had one. */
  private wanted(): readonly string[] {
    return readdirSync(this.directory)
      .filter((name) => name.startsWith('wants.'))
      .map((name) => name.slice('wants.'.length));
  }

  private agentFor(pid: string): ChildProcess {
    // It closes the notify-fd, here the pipe to cat, once polkit knows it.
    const command =
      `{ exec pkttyagent --process ${pid} --notify-fd=3 3>&1 1>/dev/tty 2>/dev/tty; } | ` +
      `{ cat; : > '${this.directory}/has.${pid}'; }`;
    const identity = [`--reuid=${user.name}`, `--regid=${user.name}`, '--init-groups'];
    const terminal = spawn('setpriv', [...identity, 'script', '-qfec', command, '/dev/null'], {
      env: { PATH: process.env.PATH, HOME: user.home, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
    return terminal;
  }
}
