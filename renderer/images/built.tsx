import { CircleCheck } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Built } from '../../electron/ipc/contract.ts';
import { showBuilt } from '../actions/images.ts';
import { Commands } from './commands.tsx';
import { CopyButton } from './copy-button.tsx';
import type { ImagesView } from './images-view.ts';

/** What was built and how to use it. */
export function BuiltView({ images, built }: { readonly images: ImagesView; readonly built: Built }) {
  return (
    <>
      <div className="images-built">
        <CircleCheck aria-hidden className="state-good" />
        <p role="status" className="images-path">
          {images.note?.sentence}
        </p>
        <Button className="button" onPress={showBuilt}>
          Show in folder
        </Button>
      </div>
      {built.images.length > 0 ? (
        <BuiltImages images={images} built={built} />
      ) : (
        <Tarballs names={built.tarballs} />
      )}
      <Commands images={images} commands={built.commands} />
      {built.images.length > 0 && built.path !== images.layout && (
        <p className="muted">To publish images to a registry, build them as an OCI layout.</p>
      )}
    </>
  );
}

function BuiltImages({ images, built }: { readonly images: ImagesView; readonly built: Built }) {
  const all = built.images.flatMap(({ tags, digest }) => tags.map((tag) => `${tag} ${digest}\n`)).join('');
  return (
    <section className="form-section" aria-label="Images">
      <div className="images-head">
        <h3 className="field-label">Tags and digests</h3>
        <CopyButton images={images} text={all} what="all tags with their digests" />
      </div>
      {/* Scrollable, so it must be reachable from the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
      <ul className="images-list" aria-label="Tags and digests" tabIndex={0}>
        {built.images.map(({ tags, digest }) => (
          <li key={digest}>
            <div>
              <p className="images-tags">
                {tags.map((tag) => (
                  <code key={tag}>{tag}</code>
                ))}
              </p>
              <p className="path images-digest">{digest}</p>
            </div>
            <CopyButton images={images} text={digest} what={`the digest of ${tags[0] ?? ''}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const Tarballs = ({ names }: { readonly names: readonly string[] }) => (
  <section className="form-section" aria-label="Tarballs">
    <h3 className="field-label">{names.length} tarballs</h3>
    {/* Scrollable, so it must be reachable from the keyboard. */}
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
    <ul className="images-list images-files" aria-label="Tarballs" tabIndex={0}>
      {names.map((name) => (
        <li key={name} className="path">
          {name}
        </li>
      ))}
    </ul>
  </section>
);
