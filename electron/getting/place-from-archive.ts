import { randomBytes } from 'node:crypto';
import type { PlaceRequest } from '../binfmt/place-request.ts';
import { failure, type Result, success } from '../binfmt/result.ts';
import type { ChangeResult } from '../change-result.ts';
import { extractInterpreters } from '../install/archive/extract-interpreters.ts';
import type { ArchiveListing, ArchiveProgram } from '../install/archive/open-archive.ts';
import { cancelledSentence } from '../install/archive/sentences.ts';
import type { ReadingOptions } from '../install/archive/with-source.ts';
import { placedFilesOf } from '../install/place.ts';
import type { BinfmtManager } from '../manager.ts';

/** The request as it is known before anything is unpacked. */
export const requestToPlace = (
  programs: readonly ArchiveProgram[],
  register: PlaceRequest['register'],
): PlaceRequest => ({
  kind: 'place',
  id: '0'.repeat(32),
  from: '/chosen-when-it-runs',
  files: placedFilesOf(programs),
  register,
});

/**
 * Puts programs of a listing into /usr/local/bin, and registers their targets where that is wished, under one
 * elevation. They are unpacked into a private directory (in `parent`) that is removed whatever happens. The problem, a
 * sentence, says why nothing was unpacked; what became of the rest is in the result, as with every change.
 *
 * Aborting the signal ends the unpacking, and takes back the prompt.
 */
export async function placeFromArchive(
  manager: BinfmtManager,
  listing: ArchiveListing,
  fileNames: readonly string[],
  register: PlaceRequest['register'],
  options: ReadingOptions & { readonly parent?: string | undefined } = {},
): Promise<Result<ChangeResult, string>> {
  if (fileNames.length === 0) return failure('Nothing was chosen.');
  const extraction = await extractInterpreters(listing, fileNames, options);
  if (!extraction.ok) return extraction;
  const { directory, programs, remove } = extraction.value;
  try {
    if (options.signal?.aborted === true) return failure(cancelledSentence);
    const id = randomBytes(16).toString('hex');
    options.signal?.addEventListener('abort', () => manager.cancelPrompt());
    return success(await manager.change({ ...requestToPlace(programs, register), id, from: directory }));
  } finally {
    await remove();
  }
}
