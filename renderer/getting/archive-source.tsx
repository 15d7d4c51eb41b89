import { FolderOpen, PackageOpen } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { ListedArchive } from '../../electron/ipc/contract.ts';
import { chooseArchive } from '../actions/getting.ts';

/** Where emulators come from: what was chosen, or what can be. */
export function ArchiveSource({ archive }: { readonly archive: ListedArchive | null }) {
  return archive === null ? <Nothing /> : <Chosen archive={archive} />;
}

function Nothing() {
  return (
    <div className="archive-drop">
      <PackageOpen aria-hidden />
      <p>
        Drop a package here (.deb, .rpm), a tar archive or a folder that holds QEMU’s user-mode emulators, or
        choose one. None of them is run to look at it.
      </p>
      <ChooseButtons isFirst />
    </div>
  );
}

const kinds: Readonly<Record<ListedArchive['format'], string>> = {
  deb: 'Debian package',
  rpm: 'RPM package',
  tar: 'tar archive',
  folder: 'folder',
};

function Chosen({ archive: { path, format } }: { readonly archive: ListedArchive }) {
  return (
    <section className="archive-chosen" aria-label="From">
      {format === 'folder' ? <FolderOpen aria-hidden /> : <PackageOpen aria-hidden />}
      <div>
        <p className="path archive-path">{path}</p>
        <p className="muted">A {kinds[format]}</p>
      </div>
      <ChooseButtons />
    </section>
  );
}

const ChooseButtons = ({ isFirst = false }: { readonly isFirst?: boolean }) => (
  <div className="archive-choose">
    <Button
      className={isFirst ? 'button button-primary' : 'button'}
      autoFocus={isFirst}
      onPress={() => void chooseArchive('file')}
    >
      {isFirst ? 'Choose a file…' : 'File…'}
    </Button>
    <Button className="button" onPress={() => void chooseArchive('folder')}>
      {isFirst ? 'Choose a folder…' : 'Folder…'}
    </Button>
  </div>
);
