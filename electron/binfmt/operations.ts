import { isEnabled } from './entry.ts';
import { takes } from './matcher.ts';
import { formatRegisterLine, type Registration } from './register-line.ts';
import { nativeHeads } from './sample-files.ts';
import { isMounted, type Snapshot } from './snapshot.ts';

/** One change of the system. */
export type Operation =
  | { readonly kind: 'register'; readonly registration: Registration }
  | { readonly kind: 'unregister'; readonly name: string }
  | { readonly kind: 'enable'; readonly name: string }
  | { readonly kind: 'disable'; readonly name: string }
  | { readonly kind: 'switch-master'; readonly on: boolean }
  | { readonly kind: 'mount' };

/** Operations carried out in this order under one elevation. */
export type Plan = readonly Operation[];

/** What the operation does, in plain words: `Register qemu-arm with /usr/bin/qemu-arm-static (flags F)`. */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'register': {
      const { name, interpreter, flags } = operation.registration;
      return `Register ${name} with ${interpreter}${flags === '' ? '' : ` (flags ${flags})`}`;
    }
    case 'unregister':
      return `Unregister ${operation.name}`;
    case 'enable':
      return `Enable ${operation.name}`;
    case 'disable':
      return `Disable ${operation.name}`;
    case 'switch-master':
      return operation.on ? 'Switch binfmt_misc on' : 'Switch binfmt_misc off';
    case 'mount':
      return 'Mount binfmt_misc';
  }
}

/** The entry an operation is about; null for those about the whole. */
export function entryNameOfOperation(operation: Operation): string | null {
  switch (operation.kind) {
    case 'register':
      return operation.registration.name;
    case 'unregister':
    case 'enable':
    case 'disable':
      return operation.name;
    case 'switch-master':
    case 'mount':
      return null;
  }
}

/**
 * Why a plan must not be carried out on this system, as a sentence; null when it may. Checked before anything
 * is sent to root: names exist, or are free; register lines are such as the kernel takes; nothing captures the
 * host's own programs.
 */
export function problemOfPlan(plan: Plan, snapshot: Snapshot): string | null {
  const names = new Set(snapshot.entries.map((entry) => entry.name));
  let mounted = isMounted(snapshot);
  for (const operation of plan) {
    if (operation.kind === 'mount') {
      mounted = true;
      continue;
    }
    if (!mounted) return 'binfmt_misc is not mounted. Mount it first.';
    const problem = problemOfOperation(operation, snapshot, names);
    if (problem !== null) return problem;
    if (operation.kind === 'register') names.add(operation.registration.name);
    if (operation.kind === 'unregister') names.delete(operation.name);
  }
  return null;
}

function problemOfOperation(
  operation: Exclude<Operation, { kind: 'mount' }>,
  snapshot: Snapshot,
  names: ReadonlySet<string>,
): string | null {
  switch (operation.kind) {
    case 'register':
      return problemOfRegistering(operation.registration, snapshot, names);
    case 'switch-master':
      return null;
    case 'unregister':
    case 'enable':
    case 'disable':
      return names.has(operation.name) ? null : `${operation.name} is not registered any more.`;
  }
}

function problemOfRegistering(
  registration: Registration,
  snapshot: Snapshot,
  names: ReadonlySet<string>,
): string | null {
  const line = formatRegisterLine(registration);
  if (!line.ok) return `${registration.name} cannot be registered. ${line.problem}`;
  if (capturesHost(registration, snapshot.host.machine)) {
    return (
      `${registration.name} was not registered: it would take this machine’s own programs (${snapshot.host.machine}), ` +
      'and nothing on it would start any more.'
    );
  }
  return names.has(registration.name) ? nameTaken(registration.name, snapshot) : null;
}

/** Says by whom a name is taken. */
export function nameTaken(name: string, snapshot: Snapshot): string {
  const owner = snapshot.entries.find((entry) => entry.name === name);
  if (owner === undefined) return `The name ${name} is taken. Unregister what has it first.`;
  const interpreter = 'interpreter' in owner ? ` with ${owner.interpreter}` : '';
  const state = isEnabled(owner) ? '' : ', disabled';
  return `The name ${name} is taken by an entry registered${interpreter}${state}. Unregister that one first.`;
}

/** Whether the kernel would hand programs of this machine itself to the interpreter, which stops them all. */
export const capturesHost = (registration: Registration, machine: string): boolean =>
  registration.kind === 'magic' &&
  nativeHeads(machine).some((head) => takes(registration, { head, path: '' }));
