import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { ImageKind } from '../../electron/ipc/contract.ts';
import { changeImages, choosePlace } from '../actions/images.ts';
import { CheckBox } from '../widgets/check-box.tsx';
import { RadioList } from '../widgets/radio-list.tsx';
import { Segments } from '../widgets/segments.tsx';
import { TextInput } from '../widgets/text-input.tsx';
import { EmulatorChoices } from './emulator-choices.tsx';
import { type ImagesForm, missingFor, placeKindOf, problemOfImage, problemOfName } from './images-form.ts';
import type { ImagesView } from './images-view.ts';

/** What to build of which emulators, and where. */
export function BuildChoices({ images }: { readonly images: ImagesView }) {
  const { form, note } = images;
  return (
    <>
      <Segments
        label="What"
        choices={[
          { value: 'images', label: 'Container images' },
          { value: 'tarballs', label: 'Tarballs' },
        ]}
        chosen={form.what}
        autoFocus
        onChoose={(what) => changeImages({ what })}
      />
      <EmulatorChoices images={images} />
      {form.what === 'images' ? <WhichImages images={images} /> : <TarballNames images={images} />}
      <Place images={images} />
      {/* It is there from the start: screen readers announce what changes inside. */}
      <p role="status" className="images-note">
        {missingFor(form) ?? (note?.kind === 'stopped' && note.sentence)}
      </p>
    </>
  );
}

function TarballNames({ images: { choices, form } }: { readonly images: ImagesView }) {
  const name = form.emulators[0] ?? 'aarch64';
  return (
    <p className="muted">
      Two files for each target, with the same content: <code>qemu-{name}-static.tar.gz</code> and{' '}
      <code>
        {choices.machine}_qemu-{name}-static.tar.gz
      </code>
      . Files of these names that are there are replaced.
    </p>
  );
}

function WhichImages({ images }: { readonly images: ImagesView }) {
  const { form, choices } = images;
  const name = form.emulators[0] ?? 'aarch64';
  return (
    <>
      <section className="form-section" aria-label="Images">
        <h3 className="field-label">Images</h3>
        <ImageChoice images={images} kind="emulators" label="One for each target">
          Holds <code>/usr/bin/qemu-{name}-static</code> and nothing else. Tags: <code>{name}</code>,{' '}
          <code>
            {choices.machine}-{name}
          </code>{' '}
          and both with QEMU’s version.
        </ImageChoice>
        <ImageChoice images={images} kind="register" label="register">
          Registers the emulators that other containers bring along.
        </ImageChoice>
        <ImageChoice images={images} kind="latest" label="latest">
          Registers the emulators of the chosen targets, which it holds: after one run containers of these
          CPUs work.
        </ImageChoice>
      </section>
      <RadioList
        label="Form"
        choices={imageForms}
        chosen={form.form}
        onChoose={(chosen) => changeImages({ form: chosen })}
      />
      <TextInput
        label="Name"
        value={form.repository}
        onChange={(repository) => changeImages({ repository })}
        placeholder="localhost/qemu-user-static"
        note="What engines call the images, without a tag."
        maxLength={300}
        problem={problemOfName(form)}
      />
    </>
  );
}

const imageForms: readonly {
  readonly value: ImagesForm['form'];
  readonly label: string;
  readonly meaning: string;
}[] = [
  {
    value: 'docker-archive',
    label: 'Docker archive',
    meaning: 'One file, of which docker load and podman load take all.',
  },
  {
    value: 'oci-archive',
    label: 'OCI archive',
    meaning: 'One file, of which podman and skopeo take one tag at a time.',
  },
  {
    value: 'oci-layout',
    label: 'OCI layout',
    meaning: 'A directory, for skopeo, and to be published to a registry.',
  },
];

function ImageChoice({
  images: { form, choices },
  kind,
  label,
  children,
}: {
  readonly images: ImagesView;
  readonly kind: ImageKind;
  readonly label: string;
  readonly children: ReactNode;
}) {
  const problem = problemOfImage(kind, choices);
  const choose = (yes: boolean): void =>
    changeImages({
      images: yes ? [...form.images, kind] : form.images.filter((one) => one !== kind),
    });
  return (
    <CheckBox
      isSelected={form.images.includes(kind)}
      isDisabled={problem !== null}
      onChange={choose}
      meaning={problem ?? children}
    >
      {label}
    </CheckBox>
  );
}

function Place({ images: { form, places } }: { readonly images: ImagesView }) {
  const place = places[placeKindOf(form)];
  const isDirectory = form.what === 'tarballs' || form.form === 'oci-layout';
  return (
    <section className="form-section" aria-label="Where to">
      <h3 className="field-label">Where to</h3>
      <div className="images-place">
        {place === undefined ? (
          <p className="muted">No {isDirectory ? 'directory' : 'file'} is chosen yet.</p>
        ) : (
          <p className="path images-path">{place}</p>
        )}
        <Button className="button" onPress={() => void choosePlace()}>
          Choose…
        </Button>
      </div>
    </section>
  );
}
