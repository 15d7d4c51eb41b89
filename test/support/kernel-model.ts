import { type Entry, parseEntry } from '../../electron/binfmt/entry.ts';
import type { Operation, Plan } from '../../electron/binfmt/operations.ts';
import { entryOf } from './example-data.ts';

/** The kernel's list as far as plans change it: newest first, names once. What the kernel refuses throws. */
export class KernelModel {
  constructor(readonly entries: readonly Entry[]) {}

  carryOut(plan: Plan): KernelModel {
    return plan.reduce<KernelModel>((model, operation) => model.after(operation), this);
  }

  private after(operation: Operation): KernelModel {
    switch (operation.kind) {
      case 'register': {
        const { registration } = operation;
        if (this.has(registration.name)) throw new Error(`File exists: ${registration.name}`);
        return new KernelModel([entryOf(registration), ...this.entries]);
      }
      case 'replace':
        return this.after({ kind: 'unregister', name: operation.name }).after({
          kind: 'register',
          registration: operation.registration,
        });
      case 'unregister':
        this.mustHave(operation.name);
        return new KernelModel(this.entries.filter((entry) => entry.name !== operation.name));
      case 'enable':
      case 'disable':
        this.mustHave(operation.name);
        return new KernelModel(
          this.entries.map((entry) =>
            entry.name === operation.name ? switched(entry, operation.kind === 'enable') : entry,
          ),
        );
      case 'switch-master':
      case 'mount':
      case 'set-boot-file':
      case 'place-interpreters':
      case 'unplace-interpreters':
        return this;
    }
  }

  private has(name: string): boolean {
    return this.entries.some((entry) => entry.name === name);
  }

  private mustHave(name: string): void {
    if (!this.has(name)) throw new Error(`No such file or directory: ${name}`);
  }
}

const switched = (entry: Entry, on: boolean): Entry =>
  parseEntry(entry.name, entry.text.replace(/^(enabled|disabled)/, on ? 'enabled' : 'disabled'));
