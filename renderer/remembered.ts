/** Of what a person is remembered to have chosen, the test that each part must pass: it may be another version's. */
export type Tests<Choices> = { readonly [Name in keyof Choices]-?: (value: unknown) => boolean };

/** What was remembered under a key, without what has not the shape it should have. */
export function recall<Choices extends object>(key: string, tests: Tests<Choices>): Partial<Choices> {
  let stored: unknown;
  try {
    stored = JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return {}; // Not ours any more: begin anew.
  }
  if (typeof stored !== 'object' || stored === null) return {};
  const passed = Object.entries(stored).filter(
    ([name, value]) => Object.hasOwn(tests, name) && tests[name as keyof Choices](value),
  );
  // Each part has passed the test of its name.
  return Object.fromEntries(passed) as Partial<Choices>;
}

/** Remembers choices under a key, until others are. */
export const remember = (key: string, choices: object): void =>
  localStorage.setItem(key, JSON.stringify(choices));

export const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

export const isTextOf =
  (mostCharacters: number) =>
  (value: unknown): boolean =>
    typeof value === 'string' && value.length <= mostCharacters;

export const isOneOf =
  (values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);

export const isListOf =
  (isItem: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(isItem);
