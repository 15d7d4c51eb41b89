import path from 'node:path';
import { type BrowserWindow, shell } from 'electron';
import type { Handlers } from '../ipc/handlers.ts';
import type { BuildWish } from './builder.ts';
import type { BuildResult, Giving } from './giving.ts';
import { Places, placeKindOf } from './places.ts';

type ImageHandlers = Pick<
  Handlers,
  | 'imageChoices'
  | 'chooseImagePlace'
  | 'buildImages'
  | 'showBuilt'
  | 'chooseLayout'
  | 'compareImages'
  | 'publishImages'
  | 'cancelImages'
>;

/** What the main process does about tarballs and images: at the places that a person chose in the system's dialogs. */
export function imageHandlers(giving: Giving, window: () => BrowserWindow | null): ImageHandlers {
  const places = new Places();
  let builtLast: string | null = null;

  const build = async (wish: BuildWish): Promise<BuildResult> => {
    const kind = placeKindOf(wish);
    const place = places.placeFor(kind);
    if (place === null) return { kind: 'failed', reason: 'Choose first where it is to be written.' };
    const result = await giving.build(wish, place);
    if (result.kind !== 'built') return result;
    const { path: built, tarballs } = result.built;
    builtLast = path.join(built, tarballs[0] ?? '');
    if (kind === 'oci-layout') places.offerLayout(built);
    return result;
  };

  return {
    imageChoices: () => giving.choices(),
    chooseImagePlace: (kind) => withWindow((parent) => places.choosePlace(kind, parent)),
    buildImages: build,
    showBuilt: () => {
      if (builtLast !== null) shell.showItemInFolder(builtLast);
    },
    chooseLayout: () => withWindow((parent) => places.chooseLayout(parent)),
    compareImages: (repository) => {
      const layout = places.layoutToPublish;
      if (layout === null)
        return { kind: 'failed', reason: 'Choose first which images are to be published.' };
      return giving.compare(layout, repository);
    },
    publishImages: (replace) => giving.publish(replace),
    cancelImages: () => giving.cancel(),
  };

  function withWindow(
    choose: (parent: BrowserWindow) => Promise<string | null>,
  ): Promise<string | null> | null {
    const parent = window();
    return parent === null ? null : choose(parent);
  }
}
