import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { BlobSizes } from './layout-blobs.ts';

/** How often a person wants to see that something goes on. */
const LOOK_MS = 200;

/**
 * Tells how much of the images of a layout was sent, which skopeo does not tell where there is no terminal: of what it
 * is sending, by how far it has read the blob's file (proc(5), fdinfo).
 */
export class SentBytes {
  private readonly done = new Map<string, number>();

  constructor(
    /** What each tag consists of; a tag that is not among them counts nothing. */
    private readonly blobsOf: ReadonlyMap<string, BlobSizes>,
  ) {}

  /** In bytes; what several tags share once. */
  get total(): number {
    return sumOf(new Map([...this.blobsOf.values()].flatMap((blobs) => [...blobs])));
  }

  /** In bytes: what was sent, and what the registry turned out to have. */
  get sent(): number {
    return sumOf(this.done);
  }

  /** A tag is at the registry. */
  finish(tag: string): void {
    for (const [digest, size] of this.blobsOf.get(tag) ?? []) this.done.set(digest, size);
  }

  /** Looks again and again what a process that sends a tag has read, until the returned function is called. */
  follow(tag: string, pid: number, onMore: () => void): () => void {
    const sizes = this.blobsOf.get(tag) ?? new Map<string, number>();
    const timer = setInterval(() => {
      const before = this.sent;
      for (const [digest, position] of positionsIn(pid)) {
        const size = sizes.get(digest);
        if (size === undefined) continue;
        this.done.set(digest, Math.max(this.done.get(digest) ?? 0, Math.min(position, size)));
      }
      if (this.sent > before) onMore();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }
}

const sumOf = (sizes: BlobSizes): number => [...sizes.values()].reduce((sum, size) => sum + size, 0);

/** How far a process has read each file that is called like a blob; what cannot be looked at is left out. */
function positionsIn(pid: number): BlobSizes {
  const positions = new Map<string, number>();
  const directory = `/proc/${pid}`;
  for (const descriptor of list(`${directory}/fd`)) {
    try {
      const file = path.basename(readlinkSync(`${directory}/fd/${descriptor}`));
      if (!/^[0-9a-f]{64}$/.test(file)) continue;
      const [, position] =
        /^pos:\s*(\d+)/m.exec(readFileSync(`${directory}/fdinfo/${descriptor}`, 'latin1')) ?? [];
      positions.set(`sha256:${file}`, Number(position ?? 0));
    } catch {
      // Closed since it was listed.
    }
  }
  return positions;
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // The process has ended.
  }
}
