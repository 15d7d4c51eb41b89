/**
 * Where a text stops being JSON (RFC 8259): the index of the first character that cannot stand there, or the
 * length of a text that ends too early. `JSON.parse()` decides whether a text is JSON; it does not always tell
 * where it is not, and in words that change with V8. Null for a text that is JSON.
 */
export function jsonErrorIndex(text: string): number | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let position = endOf(SPACE, text, 0);
  while (position < text.length) {
    const next = afterToken(expected, text.charAt(position), open);
    if (next === null) return position;
    const token = tokenAt(text, position);
    if (token.errorAt !== null) return token.errorAt;
    expected = next;
    position = endOf(SPACE, text, token.end);
  }
  return expected === 'nothing' ? null : text.length;
}

/** The place of an index, line and column counted from 1. */
export function placeOf(text: string, index: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end' | 'nothing';

/** What may follow a token that begins so, or null where it cannot stand. Keeps `open` up to date. */
function afterToken(expected: Expected, token: string, open: ('{' | '[')[]): Expected | null {
  const afterValue = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end');
  const isClosing = token === '}' || token === ']';
  if (isClosing) {
    const fits = open.at(-1) === (token === '}' ? '{' : '[');
    const mayEnd = expected === 'comma or end' || expected === (token === '}' ? 'key or }' : 'value or ]');
    if (!fits || !mayEnd) return null;
    open.pop();
    return afterValue();
  }
  switch (expected) {
    case 'nothing':
      return null;
    case 'colon':
      return token === ':' ? 'value' : null;
    case 'comma or end':
      if (token !== ',') return null;
      return open.at(-1) === '{' ? 'key' : 'value';
    case 'key':
    case 'key or }':
      return token === '"' ? 'colon' : null;
    case 'value':
    case 'value or ]':
      if (token === ',' || token === ':') return null;
      if (token !== '{' && token !== '[') return afterValue();
      open.push(token);
      return token === '{' ? 'key or }' : 'value or ]';
  }
}

const SPACE = /[ \t\n\r]*/y;
const PLAIN_TOKEN = /[{}[\],:]|true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings.
const SPECIAL_IN_STRING = /["\\\x00-\x1f]/g;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Token = { readonly end: number; readonly errorAt: null } | { readonly errorAt: number };

function tokenAt(text: string, from: number): Token {
  if (text.charAt(from) === '"') return stringAt(text, from);
  const end = endOf(PLAIN_TOKEN, text, from);
  return end > from ? { end, errorAt: null } : { errorAt: from };
}

function stringAt(text: string, from: number): Token {
  for (let position = from + 1; ; position = endOf(ESCAPE, text, position)) {
    SPECIAL_IN_STRING.lastIndex = position;
    const special = SPECIAL_IN_STRING.exec(text);
    if (special === null) return { errorAt: text.length };
    position = special.index;
    if (special[0] === '"') return { end: position + 1, errorAt: null };
    if (endOf(ESCAPE, text, position) === position) return { errorAt: position };
  }
}

/** Where what a sticky pattern finds at that place ends; that place itself when it finds nothing. */
function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
