/**
 * A text as a terminal may have it: names and paths are anyone's bytes, and must neither command the terminal
 * nor, with the characters that change the direction of writing, show something else than they are.
 */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace.
  text.replace(/[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu, '?');
