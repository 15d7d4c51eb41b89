import { useEffect } from 'react';
import { describeInterpreter, type Entry, type Interpreter } from '../../electron/ipc/contract.ts';
import { learnPackage, packageOf } from '../actions/packages.ts';
import { useStore } from '../store.ts';
import { Section } from './section.tsx';

/** The program that `entry` names, or would: what it is on disk, and which package it is of. */
export function InterpreterSection({
  interpreter,
  entry,
}: {
  readonly interpreter: Interpreter;
  readonly entry: Entry | null;
}) {
  const packageName = useStore((store) => packageOf(store, interpreter));
  const { path, changedAt } = interpreter;
  useEffect(() => void learnPackage({ path, changedAt }), [path, changedAt]);
  const facts = [
    ...describeInterpreter(interpreter, entry),
    ...(packageName === null ? [] : [`from ${packageName}`]),
  ];
  return (
    <Section title="Interpreter">
      <p className="path path-whole">{path}</p>
      <p className="muted">{facts.join(' · ')}</p>
    </Section>
  );
}
