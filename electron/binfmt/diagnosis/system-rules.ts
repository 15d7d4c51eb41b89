import { isEnabled } from '../entry.ts';
import { mountAction, switchOnAction, unregisterAction } from './action.ts';
import { type Facts, listed, servicesOf } from './facts.ts';
import type { Finding } from './finding.ts';

const system = { kind: 'system' } as const;

/** What is to be said of binfmt_misc as a whole (Documentation/admin-guide/binfmt-misc.rst). */
export function stateOfSystem({ snapshot }: Facts): readonly Finding[] {
  switch (snapshot.binfmtMisc) {
    case 'unsupported':
      return [
        {
          id: 'kernel-without-binfmt-misc',
          severity: 'error',
          subject: system,
          sentence: `This kernel (${snapshot.host.kernelRelease}) has no binfmt_misc, neither built in nor as a module: it cannot hand programs to QEMU. Start a kernel that has it.`,
          // Nothing that can be done from within a running system.
          action: null,
        },
      ];
    case 'not-loaded':
      return [
        {
          id: 'module-not-loaded',
          severity: 'error',
          subject: system,
          sentence:
            'The kernel’s module binfmt_misc is not loaded, so no registered format runs. Load it and mount its file system.',
          action: mountAction,
        },
      ];
    case 'not-mounted':
      return [
        {
          id: 'not-mounted',
          severity: 'error',
          subject: system,
          sentence: 'binfmt_misc is not mounted: its entries can be neither seen nor changed. Mount it.',
          action: mountAction,
        },
      ];
    case 'off':
      return [
        {
          id: 'master-switch-off',
          severity: 'warning',
          subject: system,
          sentence:
            'binfmt_misc is switched off as a whole: the kernel ignores every entry. Switch it on to run foreign programs.',
          action: switchOnAction,
        },
      ];
    case 'on':
      return [];
  }
}

/** Two enabled entries for one target: the kernel asks the newer one, and the other waits to surprise somebody. */
export function targetsServedTwice({ snapshot }: Facts): readonly Finding[] {
  const enabled = snapshot.entries.filter(isEnabled);
  const takersOf = new Map<string, string[]>();
  for (const entry of enabled) {
    for (const { target } of servicesOf(entry)) {
      takersOf.set(target.name, [...(takersOf.get(target.name) ?? []), entry.name]);
    }
  }
  return [...takersOf].flatMap(([target, [first, ...others]]): readonly Finding[] => {
    if (first === undefined || others.length === 0) return [];
    // An entry for more than this target may be wanted for the rest.
    const isOnlyForIt = enabled
      .filter((entry) => others.includes(entry.name))
      .every((entry) => servicesOf(entry).length === 1);
    return [
      {
        id: 'served-twice',
        severity: 'info',
        subject: system,
        target,
        sentence: `Programs for ${target} are taken by ${others.length + 1} enabled entries: the newest, ${first}, gets them before ${listed(others)}. Keep one of them.`,
        action: isOnlyForIt ? unregisterAction(...others) : null,
      },
    ];
  });
}
