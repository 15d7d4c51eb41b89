import { Worker } from 'node:worker_threads';
import { failure, type Result, success } from '../../binfmt/result.ts';
import { type ArchiveLimits, archiveLimits } from './limits.ts';
import type { Copied } from './member-source.ts';
import threadSource from './unpacking-thread.js?raw';

/** What the unpacking thread starts with. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  /** The archive, open for reading. */
  readonly fd: number;
  /** Its size in bytes. */
  readonly size: number;
  readonly limits: ArchiveLimits;
}

/** What the unpacking thread is asked, one thing at a time. */
export type Request =
  | { readonly kind: 'next' }
  /** Goes on inside the member, which is an archive itself. */
  | { readonly kind: 'enter' }
  /** Writes the member's content into a file that is open for writing. */
  | { readonly kind: 'unpack'; readonly fd: number };

export type Answer =
  | ({ readonly kind: 'member' } & ArchiveMember)
  | { readonly kind: 'end' }
  | { readonly kind: 'entered' }
  | ({ readonly kind: 'unpacked' } & Copied)
  /** Not asked for; `read` is how many bytes of the archive have been read. */
  | { readonly kind: 'progress'; readonly read: number }
  | { readonly kind: 'failed'; readonly reason: UnpackingProblem; readonly message: string };

/** One thing that an archive names. */
export interface ArchiveMember {
  /** As it stands in the archive; empty where it cannot be told, and cut off where it is longer than allowed. */
  readonly path: Uint8Array;
  /** As stat(2) has it; without a file type for hard links. */
  readonly mode: number;
  /** As the archive states it, in bytes, which need not be true; null where it does not. */
  readonly size: number | null;
}

/** Why there is no going on. `large` is about one member, the others about all. */
export type UnpackingProblem = 'damaged' | 'bomb' | 'memory' | 'large' | 'write' | 'silent' | 'cancelled';

export interface UnpackingFailure {
  readonly reason: UnpackingProblem;
  /** What libarchive or the system said, in English; may be empty. */
  readonly message: string;
}

type Answered<Kind extends Answer['kind']> = Promise<
  Result<Extract<Answer, { kind: Kind }>, UnpackingFailure>
>;

/**
 * Reads the members of one archive, in their order, without ever holding one of them in memory. Nothing of a
 * member's path is used for writing: {@link unpack} is handed the file.
 *
 * The library is libarchive 3.7.9 as WebAssembly (npm `libarchive`). It was chosen over `libarchive.js` 2.0
 * (3.7.2) and `libarchive-wasm` 1.2 (3.7.7) because those read no zstd, which Ubuntu's .deb and Fedora's .rpm
 * need, and take the whole file in memory; `tar-stream` with decompressors would leave ar, cpio and rpm to us;
 * bsdtar(1) is missing on most desktops. It lists Debian's qemu-user-static (60 MB of xz, 370 MB unpacked)
 * in 4 s with 9 MB of memory, as fast as xz(1) itself.
 */
export class ArchiveReader {
  private readonly thread: Worker;
  private readonly silenceMs: number;
  private settle: ((answer: Result<Answer, UnpackingFailure>) => void) | null = null;
  private ended: UnpackingFailure | null = null;
  private silence: NodeJS.Timeout | null = null;
  private readonly cancel = (): void => this.end({ reason: 'cancelled', message: '' });

  private constructor(
    data: ThreadData,
    private readonly signal: AbortSignal,
    private readonly onRead: (bytes: number) => void,
  ) {
    this.silenceMs = data.limits.silenceMs;
    const url = new URL(`data:text/javascript,${encodeURIComponent(threadSource)}`);
    this.thread = new Worker(url, { workerData: data });
    this.thread.on('message', (answer: Answer) => this.onAnswer(answer));
    this.thread.on('error', (error) => this.end({ reason: 'damaged', message: error.message }));
    signal.addEventListener('abort', this.cancel);
  }

  /** Begins to read the archive that is open as `fd`. Must be closed. `onRead` tells how far it is, in bytes. */
  static async open(
    file: { readonly fd: number; readonly size: number },
    signal: AbortSignal,
    onRead: (bytes: number) => void = () => undefined,
    limits: ArchiveLimits = archiveLimits,
  ): Promise<ArchiveReader> {
    const { libarchive } = await import('./libarchive.ts');
    return new ArchiveReader({ ...file, module: await libarchive(), limits }, signal, onRead);
  }

  /** The next member; null at the end. */
  async next(): Promise<Result<ArchiveMember | null, UnpackingFailure>> {
    const answer = await this.ask<'member' | 'end'>({ kind: 'next' });
    if (!answer.ok) return answer;
    return success(answer.value.kind === 'end' ? null : answer.value);
  }

  /** Reads on inside the present member, which is an archive. */
  async enter(): Promise<Result<unknown, UnpackingFailure>> {
    return await this.ask<'entered'>({ kind: 'enter' });
  }

  /** Writes the present member's content into an open file, from its start. */
  async unpack(fd: number): Promise<Result<Copied, UnpackingFailure>> {
    return await this.ask<'unpacked'>({ kind: 'unpack', fd });
  }

  /** Ends the thread; resolves when it is gone and holds no file open. */
  async close(): Promise<void> {
    this.end({ reason: 'cancelled', message: '' });
    await this.thread.terminate();
  }

  private ask<Kind extends Answer['kind']>(request: Request): Answered<Kind> {
    if (this.signal.aborted) this.cancel();
    if (this.ended !== null) return Promise.resolve(failure(this.ended));
    return new Promise((resolve) => {
      // The thread answers each request with what belongs to it.
      this.settle = resolve as (answer: Result<Answer, UnpackingFailure>) => void;
      this.expectAnswer();
      this.thread.postMessage(request);
    });
  }

  private onAnswer(answer: Answer): void {
    if (answer.kind === 'progress') {
      this.expectAnswer();
      this.onRead(answer.read);
    } else if (answer.kind === 'failed') this.settled(failure(answer));
    else this.settled(success(answer));
  }

  private expectAnswer(): void {
    if (this.silence !== null) clearTimeout(this.silence);
    this.silence = setTimeout(() => this.end({ reason: 'silent', message: '' }), this.silenceMs);
  }

  private settled(answer: Result<Answer, UnpackingFailure>): void {
    if (this.silence !== null) clearTimeout(this.silence);
    const { settle } = this;
    this.settle = null;
    settle?.(answer);
  }

  private end(problem: UnpackingFailure): void {
    if (this.ended !== null) return;
    this.ended = problem;
    this.signal.removeEventListener('abort', this.cancel);
    void this.thread.terminate();
    this.settled(failure(problem));
  }
}
