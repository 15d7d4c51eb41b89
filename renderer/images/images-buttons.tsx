import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { buildMore, cancelWork, closeImages, compare, showPage } from '../actions/images.ts';
import { focusWhenShown } from '../widgets/focus-when-shown.ts';
import { missingFor, placeKindOf, problemOfName, problemOfRegistry } from './images-form.ts';
import { type ImagesView, tagsToSend } from './images-view.ts';

/** What can be done now. */
export function ImagesButtons({ images }: { readonly images: ImagesView }) {
  if (images.work !== null) return <WorkButtons images={images} />;
  if (images.page === 'publish') return <PublishButtons images={images} />;
  return images.built === null ? <BuildButtons images={images} /> : <BuiltButtons images={images} />;
}

function WorkButtons({ images: { work } }: { readonly images: ImagesView }) {
  return (
    <>
      <p className="muted form-dialog-asking">It goes on when this is hidden.</p>
      {/* Not where Build was: a second click of it would cancel. */}
      <Button
        ref={focusWhenShown}
        className="button"
        isDisabled={work?.isCancelled === true}
        onPress={cancelWork}
      >
        Cancel
      </Button>
      <Button className="button" onPress={closeImages}>
        Hide
      </Button>
    </>
  );
}

function BuildButtons({ images: { form, places } }: { readonly images: ImagesView }) {
  const isWrong = form.what === 'images' && problemOfName(form) !== null;
  return (
    <WithClose>
      <Button
        type="submit"
        className="button button-primary"
        isDisabled={isWrong || missingFor(form) !== null}
      >
        {places[placeKindOf(form)] === undefined ? 'Build…' : 'Build'}
      </Button>
    </WithClose>
  );
}

function BuiltButtons({ images: { built, layout } }: { readonly images: ImagesView }) {
  return (
    <WithClose hasFocus>
      <Button className="button" onPress={buildMore}>
        Build others
      </Button>
      {built?.path === layout && (
        <Button className="button button-primary" onPress={() => showPage('publish')}>
          Publish…
        </Button>
      )}
    </WithClose>
  );
}

function PublishButtons({ images }: { readonly images: ImagesView }) {
  const { form, comparison, layout, hasEnded } = images;
  const focused = hasEnded ? { ref: focusWhenShown } : {};
  const count = tagsToSend(images).length;
  const canCompare = layout !== null && form.registry !== '' && problemOfRegistry(form) === null;
  if (comparison === null) {
    return (
      <WithClose>
        <Button {...focused} type="submit" className="button button-primary" isDisabled={!canCompare}>
          Compare
        </Button>
      </WithClose>
    );
  }
  return (
    <WithClose>
      <Button {...(count === 0 && focused)} className="button" onPress={() => void compare()}>
        Compare again
      </Button>
      <Button {...focused} type="submit" className="button button-primary" isDisabled={count === 0}>
        {count === 0 ? 'Publish' : count === 1 ? 'Publish 1 tag' : `Publish ${count} tags`}
      </Button>
    </WithClose>
  );
}

function WithClose({
  hasFocus = false,
  children,
}: {
  /** Whether it has the focus when it appears. */
  readonly hasFocus?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <>
      <Button {...(hasFocus && { ref: focusWhenShown })} className="button" onPress={closeImages}>
        Close
      </Button>
      {children}
    </>
  );
}
