import * as v from 'valibot';
import type { Registration } from './binfmt/register-line.ts';

const fields = { name: v.string(), interpreter: v.string(), flags: v.string() };

/** The shape of a registration; whether the kernel takes it, `problemOfRegistration()` says. */
export const registrationSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('magic'),
    ...fields,
    offset: v.number(),
    magic: v.string(),
    mask: v.nullable(v.string()),
  }),
  v.strictObject({ kind: v.literal('extension'), ...fields, extension: v.string() }),
]) satisfies v.GenericSchema<unknown, Registration>;
