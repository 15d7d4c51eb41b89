const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Hours and minutes; `time` in milliseconds since 1970. */
export const formatClock = (time: number): string => clock.format(time);

/** Date and time of an ISO 8601 text; the text itself when it is none. */
export function formatTime(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.valueOf()) ? text : full.format(date);
}
