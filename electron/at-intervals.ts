/**
 * Calls `tell` with the latest of what comes, at once and then no more often than every so many milliseconds. `stop`
 * lets the last one go.
 */
export function atIntervals<Value>(
  milliseconds: number,
  tell: (value: Value) => void,
): { readonly add: (value: Value) => void; readonly stop: () => void } {
  let latest: { readonly value: Value } | null = null;
  let timer: NodeJS.Timeout | null = null;
  const tellLatest = (): void => {
    timer = null;
    if (latest === null) return;
    tell(latest.value);
    latest = null;
    timer = setTimeout(tellLatest, milliseconds);
  };
  return {
    add: (value) => {
      latest = { value };
      if (timer === null) tellLatest();
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
