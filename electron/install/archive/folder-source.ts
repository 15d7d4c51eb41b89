import { constants, type Dirent } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { decodeBytes, encodeBytes } from '../../binfmt/bytes.ts';
import { isMtime } from '../../binfmt/placing.ts';
import { failure, type Result, success } from '../../binfmt/result.ts';
import { type ArchiveLimits, archiveLimits } from './limits.ts';
import type { Copied, CopyProblem, Member, MemberSource } from './member-source.ts';
import { cancelledSentence, notWritten, tooLargeSentence } from './sentences.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
const CHUNK_BYTES = 1024 * 1024;

/** Reads a folder and those in it, without following a link out of it, as if it were an archive. */
export class FolderSource implements MemberSource {
  readonly format = 'folder';
  private readonly members: AsyncGenerator<Member, undefined>;
  private current: Member | null = null;
  private seen = 0;

  constructor(
    private readonly folder: string,
    private readonly signal: AbortSignal,
    private readonly limits: ArchiveLimits = archiveLimits,
  ) {
    this.members = this.membersOf('');
  }

  async next(): Promise<Result<Member | null, string>> {
    try {
      this.current = (await this.members.next()).value ?? null;
    } catch (error) {
      return failure(
        `${this.folder} cannot be read: ${messageOf(error)}. Choose the folder the emulators lie in.`,
      );
    }
    this.seen += 1;
    if (this.seen > this.limits.members) {
      return failure(
        `${this.folder} holds more than ${this.limits.members} files. Choose the folder the emulators lie in.`,
      );
    }
    return this.signal.aborted ? failure(cancelledSentence) : success(this.current);
  }

  async copyTo(output: FileHandle): Promise<Result<Copied, CopyProblem>> {
    let input: FileHandle;
    try {
      input = await open(this.pathOf(this.current?.path ?? ''), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      return failure({ concerns: 'member', sentence: `It cannot be read: ${messageOf(error)}.` });
    }
    try {
      return await this.copy(input, output);
    } catch (error) {
      return failure({ concerns: 'all', sentence: notWritten(messageOf(error)) });
    } finally {
      await input.close();
    }
  }

  async close(): Promise<void> {
    await this.members.return(undefined);
  }

  private async copy(input: FileHandle, output: FileHandle): Promise<Result<Copied, CopyProblem>> {
    // Since it was listed another thing may have come into its place.
    const stats = await input.stat();
    if (!stats.isFile()) return failure({ concerns: 'member', sentence: 'It is not a file any more.' });
    const seconds = Math.floor(stats.mtimeMs / 1000);
    const mtime = isMtime(seconds) ? seconds : 0;
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let size = 0; ; ) {
      if (this.signal.aborted) return failure({ concerns: 'all', sentence: cancelledSentence });
      const { bytesRead } = await input.read(chunk, 0, CHUNK_BYTES, size);
      if (bytesRead === 0) return success({ size, mtime });
      if (size + bytesRead > this.limits.programBytes) {
        return failure({ concerns: 'member', sentence: tooLargeSentence });
      }
      for (let written = 0; written < bytesRead; ) {
        written += (await output.write(chunk, written, bytesRead - written, size + written)).bytesWritten;
      }
      size += bytesRead;
    }
  }

  private async *membersOf(directory: string): AsyncGenerator<Member, undefined> {
    for (const entry of await this.list(directory)) {
      const path = `${directory}${decodeBytes(entry.name)}`;
      if (entry.isDirectory()) yield* this.membersOf(`${path}/`);
      else yield { path, kind: kindOf(entry), isExecutable: await this.isExecutable(path) };
    }
    return undefined;
  }

  private async list(directory: string): Promise<readonly Dirent<Buffer>[]> {
    const options = { withFileTypes: true, encoding: 'buffer' } as const;
    return (await readdir(this.pathOf(directory), options)) as unknown as Dirent<Buffer>[];
  }

  private async isExecutable(path: string): Promise<boolean> {
    return ((await lstat(this.pathOf(path))).mode & 0o111) !== 0;
  }

  private pathOf(path: string): Buffer {
    return encodeBytes(`${this.folder}/${path}`);
  }
}

const kindOf = (entry: Dirent<Buffer>): Member['kind'] =>
  entry.isSymbolicLink() ? 'link' : entry.isFile() ? 'file' : 'special';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
