import './register-options.css';
import { Button } from 'react-aria-components';
import { changeOptions, chooseInterpreter } from '../actions/register-options.ts';
import { rowNamed } from '../selectors.ts';
import { type RegisteringWithOptions, useStore } from '../store.ts';
import { Segments } from '../widgets/segments.tsx';
import { TextInput } from '../widgets/text-input.tsx';
import type { OptionsForm } from './options-form.ts';

type Way = OptionsForm['interpreter'];

export const ways: readonly { readonly value: Way; readonly label: string }[] = [
  { value: 'found', label: 'The best one found' },
  { value: 'directory', label: 'By directory and suffix' },
  { value: 'file', label: 'One file' },
];

/** Which interpreter runs the programs. */
export function InterpreterChoice({ registering }: { readonly registering: RegisteringWithOptions }) {
  const { targets, form } = registering;
  // One file is an emulator of one CPU.
  const possible = targets.length === 1 ? ways : ways.filter(({ value }) => value !== 'file');
  return (
    <section className="form-section">
      <Segments
        label="Interpreter"
        choices={possible}
        chosen={form.interpreter}
        autoFocus
        onChoose={(interpreter) => changeOptions({ interpreter })}
      />
      {form.interpreter === 'found' && <Found targets={targets} />}
      {form.interpreter === 'directory' && <DirectoryAndSuffix form={form} onChange={changeOptions} />}
      {form.interpreter === 'file' && (
        <OneFile form={form} onChange={changeOptions} onChoose={() => void chooseInterpreter()} />
      )}
    </section>
  );
}

function Found({ targets }: { readonly targets: readonly string[] }) {
  const snapshot = useStore((store) => store.snapshot);
  const found = targets.map((name) => rowNamed(snapshot, 'targets', name)?.installed ?? null);
  const [only] = found;
  if (targets.length > 1) {
    const count = found.filter((one) => one !== null).length;
    return (
      <p className="muted">
        The emulator that plain Register would take:{' '}
        {count === targets.length ? 'each target has one.' : `${count} of ${targets.length} have one.`}
      </p>
    );
  }
  if (only === null || only === undefined) return <p className="muted">None is installed.</p>;
  return (
    <p>
      <span className="path options-path">{only.path}</span>
      {only.qemuVersion !== null && <span className="muted"> QEMU {only.qemuVersion}</span>}
    </p>
  );
}

/** The interpreters' place and name, as qemu-binfmt-conf.sh has them. */
export function DirectoryAndSuffix({
  form: { directory, suffix },
  onChange,
}: {
  readonly form: Pick<OptionsForm, 'directory' | 'suffix'>;
  readonly onChange: (part: Partial<OptionsForm>) => void;
}) {
  return (
    <div className="options-place">
      <TextInput
        label="Directory"
        value={directory}
        onChange={(text) => onChange({ directory: text })}
        placeholder="/usr/bin"
        note="--qemu-path of qemu-binfmt-conf.sh"
      />
      <TextInput
        label="Suffix"
        value={suffix}
        onChange={(text) => onChange({ suffix: text })}
        placeholder="-static"
        note="--qemu-suffix"
        maxLength={255}
      />
    </div>
  );
}

/** The one interpreter, typed or chosen. */
export function OneFile({
  form: { path },
  onChange,
  onChoose,
}: {
  readonly form: Pick<OptionsForm, 'path'>;
  readonly onChange: (part: Partial<OptionsForm>) => void;
  readonly onChoose: () => void;
}) {
  return (
    <div className="options-file">
      <TextInput
        label="File"
        value={path}
        onChange={(text) => onChange({ path: text })}
        placeholder="/usr/bin/qemu-aarch64-static"
      />
      <Button className="button" onPress={onChoose}>
        Choose…
      </Button>
    </div>
  );
}
