import './images.css';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { build, closeImages, compare, publish, showPage } from '../actions/images.ts';
import { useStore } from '../store.ts';
import { FormDialog } from '../widgets/form-dialog.tsx';
import { BuildChoices } from './build-choices.tsx';
import { BuildProgressView } from './build-progress.tsx';
import { BuiltView } from './built.tsx';
import { ImagesButtons } from './images-buttons.tsx';
import { problemOfRegistry } from './images-form.ts';
import type { ImagesView } from './images-view.ts';
import { PublishPage } from './publish-page.tsx';

/** Tarballs and container images of emulators: what is made, how far that is, what came of it, and publishing it. */
export default function ImagesDialog() {
  const images = useStore((store) => store.images);
  if (images === null) return null;
  const { page, note } = images;
  return (
    <FormDialog
      title="Container images"
      failure={note?.kind === 'failed' ? { message: note.sentence, details: [] } : null}
      buttons={<ImagesButtons images={images} />}
      onSubmit={() => submit(images)}
      onClose={closeImages}
    >
      <Tabs
        className="images-tabs"
        selectedKey={page}
        onSelectionChange={(key) => showPage(key === 'publish' ? 'publish' : 'build')}
      >
        <TabList className="images-tab-list" aria-label="What to do">
          <Tab id="build" className="images-tab">
            Build
          </Tab>
          <Tab id="publish" className="images-tab">
            Publish
          </Tab>
        </TabList>
        <TabPanel id="build" className="images-page">
          <BuildPage images={images} />
        </TabPanel>
        <TabPanel id="publish" className="images-page">
          <PublishPage images={images} />
        </TabPanel>
      </Tabs>
    </FormDialog>
  );
}

function BuildPage({ images }: { readonly images: ImagesView }) {
  if (images.work?.kind === 'building') return <BuildProgressView images={images} work={images.work} />;
  return images.built === null ? (
    <BuildChoices images={images} />
  ) : (
    <BuiltView images={images} built={images.built} />
  );
}

/** What Enter in a field does: the same as the button that stands out. */
function submit(images: ImagesView): void {
  if (images.work !== null) return;
  if (images.page === 'build') {
    if (images.built === null) void build();
  } else if (images.comparison !== null) void publish();
  else if (images.form.registry !== '' && problemOfRegistry(images.form) === null) void compare();
}
