import './app.css';
import { Banner } from './banner/banner.tsx';
import { Footer } from './footer/footer.tsx';
import { Header } from './header/header.tsx';
import { ResetDialog } from './header/reset-dialog.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { PastChanges } from './past-changes/past-changes.tsx';
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
      <ResetDialog />
      <PastChanges />
    </div>
  );
}
