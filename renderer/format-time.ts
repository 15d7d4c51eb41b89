const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

// Times are in milliseconds since 1970; `today` is the beginning of the day it is.

/** When that was, in as few letters as tell: hours and minutes of today, the day before that. */
export const formatBriefly = (time: number, today: number): string =>
  time >= today ? clock.format(time) : day.format(time);

/** When that was, as a part of a sentence: `at 10:15`, and before today `on 27 Nov at 10:15`. */
export const formatMoment = (time: number, today: number): string =>
  time >= today ? `at ${clock.format(time)}` : `on ${day.format(time)} at ${clock.format(time)}`;

/** Date and time of an ISO 8601 text; the text itself when it is none. */
export function formatTime(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.valueOf()) ? text : full.format(date);
}
