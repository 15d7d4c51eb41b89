import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * What a runner's exit status and report come to. A runner that fails without naming a failed test has crashed,
 * and one that ran no test has checked nothing: each counts as a failure.
 *
 * @param {number | null} code the exit status
 * @param {string} file its JSON report
 * @param {(report: string) => Counts} read
 * @returns {Counts}
 */
export function readReport(code, file, read) {
  const counts = existsSync(file) ? read(readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0;
  const crashed = code !== 0 && counts.failed === 0;
  return ranNothing || crashed ? { ...counts, failed: counts.failed + 1 } : counts;
}

/**
 * @param {string} report as vitest's JSON reporter writes it
 * @returns {Counts}
 */
export function readVitest(report) {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} */
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(report);
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

/**
 * @param {string} report as Playwright's JSON reporter writes it
 * @returns {Counts}
 */
export function readPlaywright(report) {
  /** @type {{ stats: { expected: number, flaky: number, unexpected: number, skipped: number } }} */
  const { stats } = JSON.parse(report);
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

/**
 * @param {readonly Counts[]} all
 * @returns {Counts}
 */
export function sum(all) {
  return all.reduce(
    (total, counts) => ({
      passed: total.passed + counts.passed,
      failed: total.failed + counts.failed,
      skipped: total.skipped + counts.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}
