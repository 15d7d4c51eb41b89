import { type Entry, isEnabled } from '../entry.ts';
import type { BinfmtMiscState } from '../snapshot.ts';
import { mountAction, switchOnAction, unregisterAction } from './action.ts';
import { type Facts, listed, servicesOf } from './facts.ts';
import type { Finding } from './finding.ts';

const system = { kind: 'system' } as const;

/** What is to be said of binfmt_misc as a whole (Documentation/admin-guide/binfmt-misc.rst). */
export const stateOfSystem = ({ snapshot }: Facts): readonly Finding[] =>
  snapshot.binfmtMisc === 'on' ? [] : [{ subject: system, ...obstacles[snapshot.binfmtMisc] }];

const obstacles: Readonly<Record<Exclude<BinfmtMiscState, 'on'>, Omit<Finding, 'subject'>>> = {
  unsupported: {
    id: 'kernel-without-binfmt-misc',
    severity: 'error',
    sentence: 'This kernel has no binfmt_misc.',
    detail:
      'It is neither built in nor there as a module, so programs of other CPUs cannot be handed to QEMU. Install your distribution’s standard kernel, then try: sudo modprobe binfmt_misc',
    // Nothing that can be done from within a running system.
    action: null,
  },
  'not-loaded': {
    id: 'module-not-loaded',
    severity: 'error',
    sentence: 'The kernel module binfmt_misc is not loaded.',
    detail: 'Nothing is registered and no program of another CPU runs. Mounting loads the module first.',
    action: mountAction,
  },
  'not-mounted': {
    id: 'not-mounted',
    severity: 'error',
    sentence: 'binfmt_misc is not mounted.',
    detail: 'Until it is, nothing can be registered and no program of another CPU runs.',
    action: mountAction,
  },
  off: {
    id: 'master-switch-off',
    severity: 'warning',
    sentence: 'binfmt_misc is switched off.',
    detail: 'The kernel ignores every format, enabled or not. No program of another CPU runs.',
    action: switchOnAction,
  },
};

/** Two enabled entries for one target: the kernel asks the newer one, and the other waits to surprise somebody. */
export function targetsServedTwice({ snapshot, neverUsed }: Facts): readonly Finding[] {
  const takersOf = new Map<string, Entry[]>();
  for (const entry of snapshot.entries.filter(isEnabled)) {
    for (const { target } of servicesOf(entry)) {
      takersOf.set(target.name, [...(takersOf.get(target.name) ?? []), entry]);
    }
  }
  return [...takersOf].flatMap(([target, [first, ...others]]): readonly Finding[] => {
    if (first === undefined || others.length === 0) return [];
    const names = others.map(({ name }) => name);
    // One that takes more than the newest, or is for more than this target, may be wanted for the rest.
    const areOfNoUse = others.every((one) => neverUsed.has(one) && servicesOf(one).length === 1);
    return [
      {
        id: 'served-twice',
        severity: 'info',
        subject: system,
        target,
        sentence: `Programs for ${target} are taken by ${others.length + 1} enabled entries: the newest, ${first.name}, gets them before ${listed(names)}.`,
        detail: 'Keep one of them.',
        action: areOfNoUse ? unregisterAction(...names) : null,
      },
    ];
  });
}
