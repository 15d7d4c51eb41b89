/** An expected failure is a value; an exception is a bug. */
export type Result<Value, Problem> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

export const success = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });
export const failure = <Problem>(problem: Problem): Result<never, Problem> => ({ ok: false, problem });

/** The values of all results, or the first problem there is. */
export function allOf<Value, Problem>(
  results: readonly Result<Value, Problem>[],
): Result<readonly Value[], Problem> {
  const values: Value[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return success(values);
}
