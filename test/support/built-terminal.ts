import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

/** What a run of the command came to. */
export interface TerminalRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** What to put in front of the command. */
  readonly through?: readonly string[];
}

/** The command, as the program's build makes it, with a home of its own. */
export class BuiltTerminal {
  private constructor(
    /** The file to start with Node. */
    readonly file: string,
    /** Where it keeps what the window calls `userData`. */
    readonly dataDirectory: string,
    private readonly home: string,
  ) {}

  /** Bundles it into a directory. */
  static async in(directory: string): Promise<BuiltTerminal> {
    const outDir = path.join(directory, 'built');
    await build({
      root: path.resolve(import.meta.dirname, '../..'),
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: {
        ssr: true,
        target: 'node20',
        outDir,
        rollupOptions: {
          input: { terminal: 'electron/terminal/main.ts' },
          output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
        },
      },
    });
    const home = path.join(directory, 'home');
    mkdirSync(home);
    const dataDirectory = path.join(home, '.config', 'QEMU Binfmt Manager');
    return new BuiltTerminal(path.join(outDir, 'terminal.mjs'), dataDirectory, home);
  }

  /** The environment it runs in: nothing of whoever runs the tests but where programs are. */
  get env(): Readonly<Record<string, string>> {
    return { PATH: process.env.PATH ?? '', HOME: this.home, LC_ALL: 'C.UTF-8' };
  }

  /** What to type for it. */
  get command(): string {
    return `${process.execPath} ${this.file}`;
  }

  /** Runs it with these words. */
  run(...words: readonly string[]): TerminalRun {
    return this.runWith({}, ...words);
  }

  runWith({ input = '', env = {}, through = [] }: RunOptions, ...words: readonly string[]): TerminalRun {
    const [program = '', ...args] = [...through, process.execPath, this.file, ...words];
    const { status, stdout, stderr } = spawnSync(program, args, {
      env: { ...this.env, ...env },
      input,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return { status, stdout, stderr };
  }
}
