import type { BootRule } from './boot-configuration.ts';

/** What a service does to the registry, one after the other. */
export type RegistryStep =
  | { readonly kind: 'unregister'; readonly name: string }
  | { readonly kind: 'unregister-all' }
  | { readonly kind: 'register'; readonly rule: BootRule };

/** What is registered after these steps on an empty registry, the oldest first. */
export function registeredAfter(steps: readonly RegistryStep[]): readonly BootRule[] {
  const registered = new Map<string, BootRule>();
  for (const step of steps) {
    switch (step.kind) {
      case 'unregister':
        registered.delete(step.name);
        break;
      case 'unregister-all':
        registered.clear();
        break;
      case 'register': {
        // The kernel refuses a name that is taken (EEXIST).
        const { name } = step.rule.registration;
        if (!registered.has(name)) registered.set(name, step.rule);
      }
    }
  }
  return [...registered.values()];
}
