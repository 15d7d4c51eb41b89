/** A word of bash with its quotes taken away, also one whose last quote is still open. Nothing is expanded. */
export const unquoted = (word: string): string =>
  word.replace(
    /'([^']*)'?|"((?:\\.|[^"\\])*)"?|\\(.?)/gs,
    (_whole, plain?: string, escaped?: string, one?: string) =>
      plain ?? escaped?.replace(/\\(["\\$`])/g, '$1') ?? one ?? '',
  );
