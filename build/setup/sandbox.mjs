import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getuid } from 'node:process';
import { say } from './progress.mjs';

/**
 * Says what to do where the system keeps ordinary users from making the namespaces that Electron's sandbox is
 * made of (Ubuntu since 24.04): Electron's own message at its end names no remedy that fits.
 *
 * @param {string} electron the executable
 */
export function explainSandbox(electron) {
  if (getuid?.() === 0) return;
  const restricted =
    setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    setting('/proc/sys/kernel/unprivileged_userns_clone') === '0';
  if (!restricted) return;
  const helper = join(dirname(electron), 'chrome-sandbox');
  const found = statSync(helper, { throwIfNoEntry: false });
  if (!found || (found.uid === 0 && (found.mode & 0o4000) !== 0)) return;
  say(
    'This system does not let programs make a sandbox by themselves. If Electron stops below because of that, ' +
      `allow its helper to: sudo chown root '${helper}' && sudo chmod 4755 '${helper}'`,
  );
}

/** @param {string} file */
function setting(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
