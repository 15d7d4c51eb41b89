import './app.css';
import { AddFormat } from './add-format/add-format.tsx';
import { Banner } from './banner/banner.tsx';
import { BootDialogs } from './boot/boot-dialogs.tsx';
import { DropZone } from './drop/drop-zone.tsx';
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

export function App() {
  return (
    <div className="app">
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
      <DropZone />
    </div>
  );
}
