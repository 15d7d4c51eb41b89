import * as v from 'valibot';
import type { ChangeRequest, Invocations } from './contract.ts';

/** Longer than any name the kernel keeps (NAME_MAX), escapes included. */
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const names = v.pipe(v.array(name), v.minLength(1), v.maxLength(10_000), v.readonly());

const changeRequest = v.variant('kind', [
  v.strictObject({ kind: v.literal('switch-target'), target: name, on: v.boolean() }),
  v.strictObject({ kind: v.literal('switch-entry'), name, on: v.boolean() }),
  v.strictObject({ kind: v.literal('register'), targets: names }),
  v.strictObject({ kind: v.literal('unregister'), names }),
  v.strictObject({ kind: v.literal('replace'), name, target: name }),
  v.strictObject({ kind: v.literal('reset'), names }),
  v.strictObject({ kind: v.literal('switch-master'), on: v.boolean() }),
  v.strictObject({ kind: v.literal('mount') }),
  v.strictObject({ kind: v.literal('undo'), change: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
]) satisfies v.GenericSchema<unknown, ChangeRequest>;

/** What each channel's arguments must look like: the renderer is not trusted. */
export const argumentSchemas = {
  overview: v.strictTuple([]),
  change: v.strictTuple([changeRequest]),
  preview: v.strictTuple([changeRequest]),
  cancelPrompt: v.strictTuple([]),
  pastChanges: v.strictTuple([]),
  explainFile: v.strictTuple([v.pipe(v.string(), v.startsWith('/'), v.maxLength(4096))]),
  explainChosenFile: v.strictTuple([]),
  explainAgain: v.strictTuple([]),
  verify: v.strictTuple([names]),
  packageOf: v.strictTuple([v.pipe(v.string(), v.maxLength(4096))]),
  copyText: v.strictTuple([v.pipe(v.string(), v.maxLength(100_000))]),
  openLog: v.strictTuple([]),
} satisfies { readonly [Name in keyof Invocations]: v.GenericSchema<unknown, Parameters<Invocations[Name]>> };
