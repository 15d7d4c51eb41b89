import { type BrowserWindow, dialog } from 'electron';
import { describeContent } from './binfmt/explain/describe.ts';
import { inspectFile } from './binfmt/explain/inspect-file.ts';
import { hexOfBytes } from './binfmt/hex.ts';
import { failure, type Result, success } from './binfmt/result.ts';

/** A file of a format that somebody wants to register. */
export interface Sample {
  readonly path: string;
  /** What it is, in words. */
  readonly description: string;
  /** Its first bytes in hex digits: as many as the kernel looks at, or all it has. */
  readonly bytes: string;
}

/** Lets a person choose a file of a format; null when none was chosen, a problem is a sentence. */
export async function chooseSample(window: BrowserWindow): Promise<Result<Sample, string> | null> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: 'Choose a file of the format',
    buttonLabel: 'Choose',
    properties: ['openFile', 'showHiddenFiles', 'dontAddToRecent'],
  });
  const [path] = filePaths;
  if (path === undefined) return null;
  const { content, head, size } = await inspectFile(path);
  const description = describeContent(content);
  if (head === null || size === 0) return failure(`${path} shows no bytes to match: ${description}.`);
  return success({ path, description, bytes: hexOfBytes(head.subarray(0, size)) });
}
