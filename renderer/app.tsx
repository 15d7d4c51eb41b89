import './app.css';
import { explainDroppedFile } from './actions/explain.ts';
import { takeDroppedArchive } from './actions/getting.ts';
import { AddFormat } from './add-format/add-format.tsx';
import { Banner } from './banner/banner.tsx';
import { BootDialogs } from './boot/boot-dialogs.tsx';
import { ExchangeDialogs } from './exchange/exchange-dialogs.tsx';
import { ExplainDialog } from './explain/explain-dialog.tsx';
import { Footer } from './footer/footer.tsx';
import { Getting } from './getting/getting.tsx';
import { Header } from './header/header.tsx';
import { Images } from './images/images.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { PastChanges } from './past-changes/past-changes.tsx';
import { RegisterOptions } from './register-options/register-options.tsx';
import { RemovalDialog } from './removal/removal-dialog.tsx';
import { OtherFormats } from './rows/other-formats.tsx';
import { Targets } from './rows/targets.tsx';
import { useStore } from './store.ts';

export function App() {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file dropped anywhere; Ctrl+O is the keyboard's way.
    <div
      className="app"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const [file] = event.dataTransfer.files;
        if (file !== undefined) take(file);
      }}
    >
      <Header />
      <main className="app-body">
        <div className="app-list">
          <Banner />
          <Targets />
          <OtherFormats />
        </div>
        <Inspector />
      </main>
      <Footer />
      <RemovalDialog />
      <RegisterOptions />
      <BootDialogs />
      <ExchangeDialogs />
      <AddFormat />
      <Images />
      <Getting />
      <PastChanges />
      <ExplainDialog />
    </div>
  );
}

/** What a file is dropped for depends on what is being asked for. */
function take(file: File): void {
  const isWanted = useStore.getState().getting.dialog === 'archive';
  void (isWanted ? takeDroppedArchive(file) : explainDroppedFile(file));
}
