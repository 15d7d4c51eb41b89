import { Check } from 'lucide-react';
import { Button, ListBox, ListBoxItem } from 'react-aria-components';
import { type EmulatorChoice, formatSize, type ImageChoices } from '../../electron/ipc/contract.ts';
import { openInstall } from '../actions/getting.ts';
import { changeImages, closeImages } from '../actions/images.ts';
import { usableEmulators } from './images-form.ts';
import type { ImagesView } from './images-view.ts';

/** Which targets. Those that cannot be chosen are shown as well, and why. */
export function EmulatorChoices({ images: { choices, form } }: { readonly images: ImagesView }) {
  const usable = usableEmulators(choices);
  const chosen = usable.filter(({ name }) => form.emulators.includes(name));
  const versions = new Set(chosen.map(({ version }) => version ?? 'of an unknown version'));
  const places = new Set(chosen.map(({ path }) => path?.slice(0, path.lastIndexOf('/')) ?? ''));
  const size = chosen.reduce((sum, emulator) => sum + emulator.size, 0);
  return (
    <section className="form-section" aria-label="Targets">
      <div className="images-head">
        <h3 className="field-label">Targets</h3>
        <p className="muted">
          {usable.length > 0 && `${chosen.length} of ${usable.length}`}
          {chosen.length > 0 && `, ${formatSize(size)}`}
          {versions.size === 1 && `, QEMU ${[...versions][0]}`}
          {places.size > 0 && `, from ${[...places].join(' and ')}`}
        </p>
        <Button
          className="button button-link"
          isDisabled={chosen.length === usable.length}
          onPress={() => choose(usable)}
        >
          All
        </Button>
        <Button className="button button-link" isDisabled={chosen.length === 0} onPress={() => choose([])}>
          None
        </Button>
      </div>
      {usable.length === 0 && <NoEmulator />}
      <ListBox
        className="images-emulators"
        aria-label="Targets"
        items={choices.emulators}
        layout="grid"
        selectionMode="multiple"
        selectionBehavior="toggle"
        // Escape closes the dialog, as it does everywhere else.
        escapeKeyBehavior="none"
        selectedKeys={form.emulators}
        disabledKeys={choices.emulators.filter(({ problem }) => problem !== null).map(({ name }) => name)}
        onSelectionChange={(keys) => choose(usable.filter(({ name }) => keys === 'all' || keys.has(name)))}
      >
        {(emulator) => <Emulator emulator={emulator} />}
      </ListBox>
      <Problems choices={choices} />
    </section>
  );
}

const choose = (emulators: readonly EmulatorChoice[]): void =>
  changeImages({ emulators: emulators.map(({ name }) => name) });

function Emulator({ emulator: { name } }: { readonly emulator: EmulatorChoice }) {
  return (
    <ListBoxItem id={name} textValue={name} className="images-emulator">
      <span className="check-box-mark">
        <Check aria-hidden />
      </span>
      <span className="images-emulator-name">{name}</span>
    </ListBoxItem>
  );
}

function NoEmulator() {
  return (
    <div className="notice notice-warning images-no-emulator">
      <p>There is no static emulator on this machine. Without one only the image register can be made.</p>
      <Button
        className="button"
        onPress={() => {
          closeImages();
          openInstall();
        }}
      >
        Install QEMU…
      </Button>
    </div>
  );
}

/** Why some cannot be chosen, each reason once. */
function Problems({ choices }: { readonly choices: ImageChoices }) {
  const names = new Map<string, string[]>();
  for (const { name, problem } of choices.emulators) {
    if (problem !== null) names.set(problem, [...(names.get(problem) ?? []), name]);
  }
  if (names.size === 0) return null;
  return (
    <details className="disclosure">
      <summary>{choices.emulators.length - usableEmulators(choices).length} cannot be chosen</summary>
      <ul className="images-problems">
        {[...names].map(([problem, ofThese]) => (
          <li key={problem}>
            {problem} <span className="muted">({ofThese.join(', ')})</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
