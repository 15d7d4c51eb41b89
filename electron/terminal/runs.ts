import type { Run } from './verb.ts';
import { run as list } from './verbs/list.ts';
import type { VerbName } from './verbs.ts';

/** What each verb does; loaded when it is asked for, all but what is asked for the most. */
export const runs: Readonly<Record<VerbName, () => Promise<Run>>> = {
  list: async () => list,
  show: async () => (await import('./verbs/show.ts')).run,
  register: async () => (await import('./verbs/register.ts')).run,
  unregister: async () => (await import('./verbs/unregister.ts')).run,
  enable: async () => (await import('./verbs/switch-entries.ts')).enable,
  disable: async () => (await import('./verbs/switch-entries.ts')).disable,
  reset: async () => (await import('./verbs/reset.ts')).run,
  switch: async () => (await import('./verbs/switch.ts')).run,
  mount: async () => (await import('./verbs/mount.ts')).run,
  verify: async () => (await import('./verbs/verify.ts')).run,
  explain: async () => (await import('./verbs/explain.ts')).run,
  export: async () => (await import('./verbs/export.ts')).run,
  import: async () => (await import('./verbs/import.ts')).run,
  keep: async () => (await import('./verbs/boot-files.ts')).keep,
  forget: async () => (await import('./verbs/boot-files.ts')).forget,
  apply: async () => (await import('./verbs/apply.ts')).run,
  install: async () => (await import('./verbs/install.ts')).run,
  get: async () => (await import('./verbs/get.ts')).run,
  tarball: async () => (await import('./verbs/tarballs.ts')).run,
  image: async () => (await import('./verbs/images.ts')).run,
  publish: async () => (await import('./verbs/publish.ts')).run,
  changes: async () => (await import('./verbs/changes.ts')).run,
  undo: async () => (await import('./verbs/undo.ts')).run,
  completion: async () => (await import('./verbs/completion.ts')).run,
};
