import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { user } from './ordinary-user.ts';
import { coverFile, type PutBack } from './polkit-mounts.ts';
import { expect, type Program } from './program.ts';

/** polkit's own agent for terminals, in a terminal in which a test types. */
export class PasswordAgent {
  private answered = 0;
  private output = '';

  private constructor(
    private readonly terminal: ChildProcess,
    private readonly putShellBack: PutBack,
  ) {
    terminal.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
  }

  /** Starts an agent for a program, as a desktop starts one for its session. */
  static async for(program: Program): Promise<PasswordAgent> {
    const pid = program.app.process().pid ?? 0;
    // It closes the notify-fd, here the pipe to cat, once polkit knows it.
    const command =
      `{ exec pkttyagent --process ${pid} --notify-fd=3 3>&1 1>/dev/tty 2>/dev/tty; } | ` +
      '{ cat; echo Agent is ready; }';
    const identity = [`--reuid=${user.name}`, `--regid=${user.name}`, '--init-groups'];
    const terminal = spawn('setpriv', [...identity, 'script', '-qfec', command, '/dev/null'], {
      env: { PATH: process.env.PATH, HOME: user.home, LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const agent = new PasswordAgent(terminal, letShellBecomePkexec());
    await agent.sees('Agent is ready');
    return agent;
  }

  /** Waits until it asks for a password that was not typed yet. */
  async asks(): Promise<void> {
    await expect.poll(() => this.promptCount).toBe(this.answered + 1);
  }

  /** Types a line at the prompt. */
  async type(line: string): Promise<void> {
    await this.asks();
    this.answered += 1;
    this.terminal.stdin?.write(`${line}\n`);
  }

  /** Presses Ctrl+C at the prompt, which ends it. */
  async pressCtrlC(): Promise<void> {
    await this.asks();
    this.terminal.stdin?.write('\x03');
  }

  /** Waits until it has shown a text. */
  async sees(text: string): Promise<void> {
    await expect.poll(() => this.output).toContain(text);
  }

  /** How often it has asked for a password. */
  get promptCount(): number {
    return this.output.split('Password: ').length - 1;
  }

  async stop(): Promise<void> {
    this.putShellBack();
    if (this.terminal.exitCode !== null || this.terminal.signalCode !== null) return;
    const exited = once(this.terminal, 'exit');
    // Without its terminal the agent ends too.
    this.terminal.kill('SIGKILL');
    await exited;
  }
}

/**
 * A desktop's agent answers for all of its session; this one for a single process, which must be the parent of
 * pkexec. Between the two stands sudo-prompt's `sh`: bash turns into its last command, Debian's dash does not.
 */
const letShellBecomePkexec = (): PutBack => coverFile(realpathSync('/bin/sh'), '/bin/bash');
