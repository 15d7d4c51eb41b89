/**
 * @typedef {object} Measurement
 * @property {string} what
 * @property {number} ours
 * @property {{ value: number, of: string }} [floor] the least it could be, and what that is
 * @property {Unit} unit
 * @property {number} [mostRatio] the aim, as a multiple of the floor
 * @property {number} [most] the aim, in the unit
 * @property {number} [mostAbove] the aim, as what may come on top of the floor, in the unit
 *
 * @typedef {'ms' | 'ms/s' | 'MB' | 'kB'} Unit
 */

const heads = ['', 'program', 'floor', 'ratio', 'aim', '', 'the floor is'];

/**
 * All measurements as one table.
 *
 * @param {readonly Measurement[]} measurements
 */
export function formatTable(measurements) {
  const rows = [heads, ...measurements.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  /** Numbers stand right, words left. @param {string} cell @param {number} column */
  const pad = (cell, column) =>
    column === 0 || column === heads.length - 1
      ? cell.padEnd(widths[column] ?? 0)
      : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

/** @param {Measurement} measurement */
function cellsOf({ what, ours, floor, unit, mostRatio, most, mostAbove }) {
  const ratio = floor && ours / floor.value;
  const aims = [
    ...(mostRatio !== undefined && ratio !== undefined
      ? [{ text: `≤ ${mostRatio} ×`, isMet: ratio <= mostRatio }]
      : []),
    ...(mostAbove !== undefined && floor
      ? [{ text: `≤ + ${mostAbove} ${unit}`, isMet: ours <= floor.value + mostAbove }]
      : []),
    ...(most !== undefined ? [{ text: `≤ ${most} ${unit}`, isMet: ours <= most }] : []),
  ];
  return [
    what,
    format(ours, unit),
    floor ? format(floor.value, unit) : '',
    ratio !== undefined && Number.isFinite(ratio) ? `${ratio.toFixed(2)} ×` : '',
    aims.map(({ text }) => text).join(', '),
    aims.length === 0 ? '' : aims.every(({ isMet }) => isMet) ? 'met' : 'missed',
    floor?.of ?? '',
  ];
}

/** @param {number} value @param {Unit} unit */
function format(value, unit) {
  if (Number.isNaN(value)) return 'unknown';
  const digits = value === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}
