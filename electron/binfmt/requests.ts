import { isEnabled } from './entry.ts';
import type { Operation, Plan } from './operations.ts';
import { failure, type Result, success } from './result.ts';
import { entriesServing, registrationFor } from './rows.ts';
import { entryNamed, type Snapshot } from './snapshot.ts';
import { isQemuEntryName, type Target, targetNamed } from './targets.ts';

/**
 * What a person wants, as the window or the terminal says it. It names targets and entries and never carries
 * a register line: what becomes of it is decided here, from what the system looks like now.
 */
export type Request =
  | { readonly kind: 'switch-target'; readonly target: string; readonly on: boolean }
  | { readonly kind: 'switch-entry'; readonly name: string; readonly on: boolean }
  | { readonly kind: 'register'; readonly targets: readonly string[] }
  | { readonly kind: 'unregister'; readonly names: readonly string[] }
  /** Registers the target anew, in place of the entry of that name. */
  | { readonly kind: 'replace'; readonly name: string; readonly target: string }
  | { readonly kind: 'reset'; readonly names: readonly string[] }
  | { readonly kind: 'switch-master'; readonly on: boolean }
  | { readonly kind: 'mount' };

/** The plan that does what was asked for, or a sentence saying why there is none. */
export function planOf(request: Request, snapshot: Snapshot): Result<Plan, string> {
  switch (request.kind) {
    case 'switch-target':
      return planSwitch(request.target, request.on, snapshot);
    case 'switch-entry':
      return success([{ kind: request.on ? 'enable' : 'disable', name: request.name }]);
    case 'register':
      return planRegister(request.targets, snapshot);
    case 'unregister':
      return success(request.names.map((name) => ({ kind: 'unregister', name })));
    case 'replace':
      return planReplacement(request.name, request.target, snapshot);
    case 'reset':
      return planReset(request.names, snapshot);
    case 'switch-master':
      return success([{ kind: 'switch-master', on: request.on }]);
    case 'mount':
      return success([{ kind: 'mount' }]);
  }
}

function planSwitch(name: string, on: boolean, snapshot: Snapshot): Result<Plan, string> {
  const target = targetNamed(name);
  if (target === undefined) return failure(`QEMU has no target “${name}”.`);
  const serving = entriesServing(target, snapshot.entries);
  if (!on) {
    const enabled = serving.filter(isEnabled);
    if (enabled.length === 0) return failure(`${name} is not enabled any more.`);
    return success(enabled.map((entry) => ({ kind: 'disable', name: entry.name })));
  }
  const [first] = serving;
  if (first === undefined) return planRegister([name], snapshot);
  if (serving.some(isEnabled)) return failure(`${name} is enabled already.`);
  return success([{ kind: 'enable', name: first.name }]);
}

function planRegister(names: readonly string[], snapshot: Snapshot): Result<Plan, string> {
  const plan: Operation[] = [];
  for (const name of names) {
    const target = targetNamed(name);
    if (target === undefined) return failure(`QEMU has no target “${name}”.`);
    const registration = registrationOfTarget(target, snapshot);
    if (!registration.ok) return registration;
    plan.push(registration.value);
  }
  return success(plan);
}

function registrationOfTarget(target: Target, snapshot: Snapshot): Result<Operation, string> {
  const row = snapshot.targets.find((one) => one.isTarget && one.name === target.name);
  switch (row?.state) {
    case 'Native':
      return failure(`This machine runs ${target.name} programs itself; QEMU would only get in the way.`);
    case 'Not registered':
      if (row.interpreter === null) break;
      return success({ kind: 'register', registration: registrationFor(target, row.interpreter.path) });
    case 'Enabled':
    case 'Disabled':
    case 'Broken':
      return failure(`${target.name} is registered already, as ${row.entryNames.join(', ')}.`);
    case 'Not installed':
    case undefined:
      break;
  }
  return failure(notInstalled(target));
}

function planReplacement(name: string, targetName: string, snapshot: Snapshot): Result<Plan, string> {
  const target = targetNamed(targetName);
  if (target === undefined) return failure(`QEMU has no target “${targetName}”.`);
  const row = snapshot.targets.find((one) => one.isTarget && one.name === targetName);
  if (row === undefined || row.installed === null) return failure(notInstalled(target));
  return success([
    { kind: 'unregister', name },
    { kind: 'register', registration: registrationFor(target, row.installed.path) },
  ]);
}

function planReset(names: readonly string[], snapshot: Snapshot): Result<Plan, string> {
  const foreign = names.find((name) => !isQemuEntryName(name));
  if (foreign !== undefined)
    return failure(`Reset removes QEMU’s entries only, and ${foreign} is none of them.`);
  // What was removed meanwhile is gone, as was wanted.
  const present = names.filter((name) => entryNamed(snapshot, name) !== undefined);
  if (present.length === 0) return failure('Nothing is registered for QEMU any more.');
  return success(present.map((name) => ({ kind: 'unregister', name })));
}

const notInstalled = ({ name }: Target): string =>
  `No emulator for ${name} is installed (qemu-${name}-static or qemu-${name}).`;
