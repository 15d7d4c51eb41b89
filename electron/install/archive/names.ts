/** The last component of a path in an archive. */
export const fileNameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What an archive or a folder is called in a sentence. */
export const nameOf = (path: string): string => fileNameOf(path.replace(/\/+$/, '')) || path;
