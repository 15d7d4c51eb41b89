import os from 'node:os';

/** The name of whoever is at the machine: sudo tells whom it has made root. */
export function userName(env: NodeJS.ProcessEnv = process.env): string {
  const { SUDO_UID, SUDO_USER } = env;
  if (process.getuid?.() === 0 && SUDO_UID !== undefined && SUDO_USER) return SUDO_USER;
  try {
    return os.userInfo().username;
  } catch {
    return `user ${process.geteuid?.()}`; // passwd(5) knows nobody of that number.
  }
}
