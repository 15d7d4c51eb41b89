import { bootFilePath, entryNamesOf, nameTaken, type Operation } from '../binfmt/operations.ts';
import { isPlacing } from '../binfmt/placing.ts';
import { BINFMT_MISC } from '../binfmt/reader.ts';
import { entryNamed, type Snapshot } from '../binfmt/snapshot.ts';
import { explainPlacing } from './explain-placing.ts';

/**
 * What a failed operation means and what to do about it, in one or two sentences. `message` is what the tools
 * said (English, the kernel's strerror text at its end); `snapshot` shows the system after the failure.
 */
export function explainFailure(operation: Operation, message: string, snapshot: Snapshot): string {
  const said = (text: string): boolean => message.includes(text);

  if (isPlacing(operation)) return explainPlacing(operation, message);
  if (isNotCarriedOutWithoutEmulator(message)) {
    return `${entryNamesOf(operation).join(', ')} was left alone, because its emulator was not put in its place.`;
  }
  if (said('Not a binfmt_misc file system')) {
    return operation.kind === 'mount'
      ? `Mounting binfmt_misc on ${BINFMT_MISC} failed: ${message}`
      : `Nothing was written: ${BINFMT_MISC} is not a mounted binfmt_misc file system. Mount it first.`;
  }
  if (operation.kind === 'set-boot-file') return explainFile(bootFilePath(operation), message);
  if (said('Read-only file system')) {
    return `${BINFMT_MISC} is read-only here, as in most containers. Start this program on the host itself.`;
  }
  if (
    said('Operation not permitted') ||
    (said('Permission denied') && operation.kind !== 'register' && operation.kind !== 'replace')
  ) {
    return `The kernel refused it even to root: ${lastLine(message)}. In a container, start this program on the host.`;
  }
  if (said('Cannot allocate memory')) return 'The kernel has no memory left for it. Try again later.';

  switch (operation.kind) {
    case 'mount':
      return `binfmt_misc could not be mounted: ${lastLine(message) || 'mount said nothing'}`;
    case 'switch-master':
      return `The master switch could not be set: ${lastLine(message)}`;
    case 'register':
      return explainRegistering(operation.registration, message, snapshot);
    case 'replace':
      return explainReplacing(operation, message, snapshot);
    case 'unregister':
    case 'enable':
    case 'disable':
      return (
        explainEntry(operation.name, message, snapshot) ??
        `The kernel did not take the change of ${operation.name}: ${lastLine(message)}`
      );
  }
}

/** Whether the script left the operation out because the placing failed whose emulator it registers. */
export const isNotCarriedOutWithoutEmulator = (message: string): boolean =>
  message.includes('Placing failed');

/** What the script found when it looked at an entry before changing it; null when all was well. */
function explainEntry(name: string, message: string, snapshot: Snapshot): string | null {
  if (message.includes('Entry is gone')) return `${name} is gone: somebody else removed it.`;
  if (message.includes('Entry was changed')) return explainConflict(name, snapshot);
  return message.includes('Not an entry') ? `${name} is not the name of an entry.` : null;
}

function explainReplacing(
  { name, registration }: Extract<Operation, { kind: 'replace' }>,
  message: string,
  snapshot: Snapshot,
): string {
  const found = explainEntry(name, message, snapshot);
  if (found !== null) return found;
  const why = explainRegistering(registration, message, snapshot);
  return entryNamed(snapshot, name) === undefined ? why : `${why} ${name} stays as it was.`;
}

function explainFile(path: string, message: string): string {
  const said = (text: string): boolean => message.includes(text);
  if (said('File was changed')) {
    return `${path} was left alone: somebody else changed it meanwhile. Look at it again.`;
  }
  if (said('No space left')) return `${path} was not written: the disk is full. Make room and try again.`;
  return `${path} was not changed: ${lastLine(message) || 'the tools gave no reason'}`;
}

/** Why the kernel did not register it. */
export function explainRegistering(
  { name, interpreter, flags }: Extract<Operation, { kind: 'register' }>['registration'],
  message: string,
  snapshot: Snapshot,
): string {
  const said = (text: string): boolean => message.includes(text);
  if (said('File exists')) return nameTaken(name, snapshot);
  if (said('Invalid argument')) {
    const flagsToo = flags === '' ? '' : `one of the flags ${flags} or for `;
    return `The kernel does not accept the register line of ${name}. It may be too old for ${flagsToo}so long a magic.`;
  }
  if (said('No such file or directory')) {
    return `${name} was not registered: its interpreter ${interpreter} is not there. Install it and try again.`;
  }
  if (said('Permission denied')) {
    return `${name} was not registered: its interpreter ${interpreter} is not executable. Make it executable and try again.`;
  }
  return `The kernel did not register ${name}: ${lastLine(message)}`;
}

function explainConflict(name: string, snapshot: Snapshot): string {
  const entry = entryNamed(snapshot, name);
  const now =
    entry !== undefined && 'interpreter' in entry ? ` It is now registered with ${entry.interpreter}.` : '';
  return `${name} was left alone: somebody else changed it meanwhile.${now} Try again if you still want to.`;
}

/** Tools put their reason last: `/bin/bash: line 12: printf: write error: Invalid argument`. */
const lastLine = (message: string): string =>
  (message.split('\n').at(-1) ?? '').replace(/^\S*bash: line \d+: (?:printf: write error: )?/, '');
