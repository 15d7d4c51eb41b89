import { Button } from 'react-aria-components';
import { type Comparison, formatSize, mayReplace } from '../../electron/ipc/contract.ts';
import { changeImages, chooseLayout, replaceDifferent } from '../actions/images.ts';
import { CheckBox } from '../widgets/check-box.tsx';
import { ProgressBar } from '../widgets/progress-bar.tsx';
import { TextInput } from '../widgets/text-input.tsx';
import { Commands } from './commands.tsx';
import { ComparedTags } from './compared-tags.tsx';
import { problemOfRegistry } from './images-form.ts';
import { type ImagesView, tagsToSend, type Work } from './images-view.ts';

/** Sends the images of a layout to a registry, after a look at what it has. */
export function PublishPage({ images }: { readonly images: ImagesView }) {
  const { work, note, comparison } = images;
  return (
    <>
      <Layout images={images} />
      <Registry images={images} />
      {work !== null && <PublishProgress work={work} />}
      <p role="status" className="images-note">
        {note !== null && note.kind !== 'failed' && note.sentence}
      </p>
      {comparison !== null && note?.kind === 'done' && (
        <Commands images={images} commands={comparison.commands} />
      )}
      {comparison !== null && <ComparedTags comparison={comparison} />}
      {comparison !== null && work === null && <WhatIsSent images={images} comparison={comparison} />}
    </>
  );
}

function Layout({ images: { layout, work } }: { readonly images: ImagesView }) {
  return (
    <section className="form-section" aria-label="Images to publish">
      <h3 className="field-label">Images</h3>
      <div className="images-place">
        {layout === null ? (
          <p className="muted">None are chosen. Build an OCI layout, or choose one that was built before.</p>
        ) : (
          <p className="path images-path">{layout}</p>
        )}
        <Button className="button" isDisabled={work !== null} onPress={() => void chooseLayout()}>
          Choose…
        </Button>
      </div>
    </section>
  );
}

/** Where to; what it is while something is under way. */
function Registry({ images: { form, work } }: { readonly images: ImagesView }) {
  const label = 'Registry and repository';
  if (work !== null) {
    return (
      <section className="form-section" aria-label={label}>
        <h3 className="field-label">{label}</h3>
        <p className="path images-path">{form.registry}</p>
      </section>
    );
  }
  return (
    <TextInput
      label={label}
      value={form.registry}
      onChange={(registry) => changeImages({ registry })}
      placeholder="registry.example.org/team/qemu-user-static"
      note="The login is the one that docker, podman or skopeo keep. None is asked for here."
      maxLength={300}
      problem={problemOfRegistry(form)}
    />
  );
}

function WhatIsSent({
  images,
  comparison,
}: {
  readonly images: ImagesView;
  readonly comparison: Comparison;
}) {
  const { replace } = images;
  const asked = comparison.tags.filter(mayReplace);
  const bytes = replace ? comparison.allBytes : comparison.newBytes;
  return (
    <>
      {asked.length > 0 && (
        <div className="notice notice-warning">
          <CheckBox isSelected={replace} onChange={replaceDifferent}>
            {whatIsReplaced(asked)}
          </CheckBox>
        </div>
      )}
      {tagsToSend(images).length > 0 && bytes !== null && (
        <p className="muted">
          At most {formatSize(bytes)} are sent; what the registry has is not sent again.
        </p>
      )}
    </>
  );
}

function whatIsReplaced(tags: Comparison['tags']): string {
  const isSure = tags.every(({ state }) => state === 'different');
  const isOne = tags.length === 1;
  const which = isOne ? 'the tag' : `the ${tags.length} tags`;
  if (isSure)
    return `Replace ${which} that ${isOne ? 'is another image' : 'are other images'} at the registry`;
  return `Send also ${which} that may be ${isOne ? 'another image' : 'other images'} there: the registry does not say`;
}

function PublishProgress({ work }: { readonly work: Work }) {
  const progress = work.progress === null || work.progress.kind === 'building' ? null : work.progress;
  const bytes = progress?.bytes ?? null;
  const verb = { building: 'Building', comparing: 'Comparing', publishing: 'Sending' }[work.kind];
  return (
    <ProgressBar
      label={verb}
      done={bytes?.sent ?? progress?.done ?? 0}
      total={bytes?.total ?? progress?.total ?? 0}
      isLarge
    >
      <span>
        {work.isCancelled ? 'Cancelling…' : progress === null ? `${verb}…` : `${verb} ${progress.tag}`}
      </span>
      <span className="muted">
        {progress !== null && `${progress.done} of ${progress.total} tags`}
        {bytes !== null && `, ${formatSize(bytes.sent)} of ${formatSize(bytes.total)}`}
      </span>
    </ProgressBar>
  );
}
