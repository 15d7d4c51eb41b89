import { confLineOf } from '../exchange/conf.ts';
import { formatFieldsOf } from '../exchange/template.ts';
import type { Registration } from '../register-line.ts';
import { type Result, success } from '../result.ts';
import { ADMINISTRATOR, databaseFileOf } from './format-file.ts';
import { ownMarkFor } from './own-mark.ts';

/**
 * The text (a string of bytes) of a file of binfmt.d that registers these in this order, or a sentence saying why
 * there can be none. Some names and paths that the kernel takes cannot stand in such a file.
 */
export function formatConfFile(registrations: readonly Registration[]): Result<string, string> {
  let text = '';
  for (const registration of registrations) {
    const line = confLineOf(registration);
    if (!line.ok) return line;
    text += `${line.value}\n`;
  }
  return success(`${ownMarkFor(text)}\n${text}`);
}

/** The same for the file of binfmt-support's database that registers this one. */
export function formatDatabaseFile(registration: Registration): Result<string, string> {
  const fields = formatFieldsOf(registration);
  if (!fields.ok) return fields;
  const text = databaseFileOf({ ...fields.value, package: ADMINISTRATOR });
  // update-binfmts reads as many lines as there are fields, and none behind them.
  return success(`${text}${ownMarkFor(text)}\n`);
}
