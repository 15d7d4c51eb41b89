import * as v from 'valibot';
import type { FormatFields } from '../binfmt/exchange/format-fields.ts';
import type { RegisterOptions } from '../binfmt/register-options.ts';
import type { ExportWish } from '../export-contents.ts';
import type { PlaceWish } from '../getting/getting.ts';
import { registrationSchema } from '../registration-schema.ts';
import type { BuildWish, ChangeRequest, Invocations } from './contract.ts';

/** Longer than any name the kernel keeps (NAME_MAX), escapes included. */
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const names = v.pipe(v.array(name), v.minLength(1), v.maxLength(10_000), v.readonly());

const path = v.pipe(v.string(), v.startsWith('/'), v.maxLength(4096));
const existing = v.picklist(['keep', 'replace']);
const agreed = v.pipe(
  v.array(
    v.strictObject({
      path,
      text: v.pipe(v.string(), v.maxLength(1_000_000)),
      link: v.nullable(v.pipe(v.string(), v.maxLength(4096))),
    }),
  ),
  v.maxLength(1000),
  v.readonly(),
);

const registerOptions = v.strictObject({
  interpreter: v.variant('kind', [
    v.strictObject({ kind: v.literal('found') }),
    v.strictObject({
      kind: v.literal('directory'),
      directory: v.pipe(v.string(), v.maxLength(4096)),
      suffix: v.pipe(v.string(), v.maxLength(255)),
    }),
    v.strictObject({ kind: v.literal('file'), path: v.pipe(v.string(), v.maxLength(4096)) }),
  ]),
  persistent: v.boolean(),
  credentials: v.boolean(),
  preserveArgv0: v.union([v.boolean(), v.literal('as-needed')]),
}) satisfies v.GenericSchema<unknown, RegisterOptions>;

const registerRequest = v.strictObject({
  kind: v.literal('register'),
  targets: names,
  options: v.exactOptional(registerOptions),
  existing: v.exactOptional(existing),
  ownFamily: v.exactOptional(v.boolean()),
});

const changeRequest = v.variant('kind', [
  v.strictObject({ kind: v.literal('switch-target'), target: name, on: v.boolean() }),
  v.strictObject({ kind: v.literal('switch-entries'), names, on: v.boolean() }),
  registerRequest,
  v.strictObject({ kind: v.literal('unregister'), names }),
  v.strictObject({ kind: v.literal('replace'), name, target: name }),
  v.strictObject({ kind: v.literal('rename-trial'), name }),
  v.strictObject({ kind: v.literal('reset'), names }),
  v.strictObject({ kind: v.literal('switch-master'), on: v.boolean() }),
  v.strictObject({ kind: v.literal('mount') }),
  v.strictObject({
    kind: v.literal('add-format'),
    registration: registrationSchema,
    existing: v.exactOptional(existing),
  }),
  v.strictObject({ kind: v.literal('import'), removeOthers: v.boolean() }),
  v.strictObject({ kind: v.literal('apply-boot'), removeOthers: v.boolean() }),
  v.strictObject({ kind: v.literal('keep-at-boot'), names, agreed }),
  v.strictObject({ kind: v.literal('not-at-boot'), names, agreed }),
  v.strictObject({ kind: v.literal('undo'), change: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
]) satisfies v.GenericSchema<unknown, ChangeRequest>;

const rows = v.strictObject({ table: v.picklist(['targets', 'formats']), names });

const exportWish = v.strictObject({
  subject: v.variant('kind', [
    v.strictObject({
      kind: v.literal('as-registered'),
      rows: v.union([rows, v.literal('registered')]),
    }),
    v.strictObject({
      kind: v.literal('with-options'),
      rows: v.union([rows, v.literal('registered'), v.literal('all-targets')]),
      options: registerOptions,
      machine: v.nullable(v.pipe(v.string(), v.maxLength(255))),
      ownFamily: v.boolean(),
    }),
  ]),
  format: v.picklist(['conf-files', 'conf-file', 'templates', 'script', 'json']),
}) satisfies v.GenericSchema<unknown, ExportWish>;

const typed = v.pipe(v.string(), v.maxLength(5000));
const formatFields = v.strictObject({
  name: typed,
  type: v.picklist(['magic', 'extension']),
  offset: typed,
  magic: typed,
  mask: typed,
  extension: typed,
  interpreter: typed,
  flags: typed,
}) satisfies v.GenericSchema<unknown, FormatFields>;

const emulators = v.pipe(v.array(name), v.maxLength(1000), v.readonly());
/** Longer ones than registries take, so that what is wrong with them is said in words. */
const repository = v.pipe(v.string(), v.maxLength(1000));
const imageForm = v.picklist(['oci-layout', 'oci-archive', 'docker-archive']);
const buildWish = v.variant('kind', [
  v.strictObject({ kind: v.literal('tarballs'), emulators }),
  v.strictObject({
    kind: v.literal('images'),
    emulators,
    images: v.pipe(v.array(v.picklist(['emulators', 'register', 'latest'])), v.maxLength(3), v.readonly()),
    form: imageForm,
    repository,
  }),
]) satisfies v.GenericSchema<unknown, BuildWish>;

const placeWish = v.strictObject({
  fileNames: v.pipe(v.array(name), v.minLength(1), v.maxLength(1000), v.readonly()),
  register: v.picklist(['no', 'keep', 'replace']),
}) satisfies v.GenericSchema<unknown, PlaceWish>;

/** What each channel's arguments must look like: the renderer is not trusted. */
export const argumentSchemas = {
  overview: v.strictTuple([]),
  change: v.strictTuple([changeRequest]),
  preview: v.strictTuple([changeRequest]),
  previewRegistration: v.strictTuple([registerRequest]),
  chooseInterpreter: v.strictTuple([]),
  bootDifference: v.strictTuple([v.boolean()]),
  previewExport: v.strictTuple([exportWish]),
  exportFiles: v.strictTuple([exportWish]),
  replaceFiles: v.strictTuple([]),
  showExported: v.strictTuple([]),
  readChosenImport: v.strictTuple([]),
  readExplainedImport: v.strictTuple([]),
  importDifference: v.strictTuple([v.boolean()]),
  checkFormat: v.strictTuple([formatFields]),
  chooseSample: v.strictTuple([]),
  cancelPrompt: v.strictTuple([]),
  pastChanges: v.strictTuple([]),
  explainFile: v.strictTuple([path]),
  explainChosenFile: v.strictTuple([]),
  explainAgain: v.strictTuple([]),
  verify: v.strictTuple([names]),
  packageOf: v.strictTuple([v.pipe(v.string(), v.maxLength(4096))]),
  imageChoices: v.strictTuple([]),
  chooseImagePlace: v.strictTuple([v.union([v.literal('tarballs'), imageForm])]),
  buildImages: v.strictTuple([buildWish]),
  showBuilt: v.strictTuple([]),
  chooseLayout: v.strictTuple([]),
  compareImages: v.strictTuple([repository]),
  publishImages: v.strictTuple([v.boolean()]),
  cancelImages: v.strictTuple([]),
  offerOfDistribution: v.strictTuple([]),
  installFromDistribution: v.strictTuple([]),
  chooseArchive: v.strictTuple([v.picklist(['file', 'folder'])]),
  takeArchive: v.strictTuple([path]),
  takeExplainedArchive: v.strictTuple([]),
  listArchive: v.strictTuple([]),
  previewPlacing: v.strictTuple([placeWish]),
  placeInterpreters: v.strictTuple([placeWish]),
  cancelGetting: v.strictTuple([]),
  copyText: v.strictTuple([v.pipe(v.string(), v.maxLength(100_000))]),
  openLog: v.strictTuple([]),
} satisfies { readonly [Name in keyof Invocations]: v.GenericSchema<unknown, Parameters<Invocations[Name]>> };
