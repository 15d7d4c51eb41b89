/**
 * What to add to performance.now() here to get milliseconds since the epoch, to a tenth or so: Date.now()
 * counts whole ones, and performance.timeOrigin drifts away from it. The same in Node.js and in a page, where
 * it is sent as text.
 */
export function clockOffset() {
  const start = Date.now();
  while (Date.now() === start);
  return Date.now() - performance.now();
}
