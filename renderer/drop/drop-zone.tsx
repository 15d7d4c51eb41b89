import './drop-zone.css';
import { FileSearch, PackageOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { explainDroppedFiles } from '../actions/explain.ts';
import { takeDroppedArchive } from '../actions/getting.ts';
import { useStore } from '../store.ts';

/** Takes files that are dropped anywhere on the window, and shows what for while they are held over it. Ctrl+O is the keyboard’s way. */
export function DropZone() {
  const [isOver, setIsOver] = useState(false);
  const isArchiveWanted = useStore(({ getting }) => getting.dialog === 'archive');
  useEffect(() => listenToDragging(setIsOver), []);
  if (!isOver) return null;
  return (
    // For the eyes of who drags.
    <div className="drop-hint" aria-hidden>
      <p>
        {isArchiveWanted ? <PackageOpen aria-hidden /> : <FileSearch aria-hidden />}
        {isArchiveWanted ? 'Drop it to take emulators from it' : 'Drop a file to see why it runs or not'}
      </p>
    </div>
  );
}

/** Follows what is dragged over the window, whatever lies on top there; returns how to stop. */
function listenToDragging(setIsOver: (isOver: boolean) => void): () => void {
  const over = (event: DragEvent): void => {
    // What is not taken here Chromium would open in the place of the page.
    event.preventDefault();
    setIsOver(event.dataTransfer?.types.includes('Files') ?? false);
  };
  const leave = (event: DragEvent): void => {
    // On the way from one element to another there is one where it goes to.
    if (event.relatedTarget === null) setIsOver(false);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    take([...(event.dataTransfer?.files ?? [])]);
  };
  const stop = new AbortController();
  window.addEventListener('dragover', over, stop);
  window.addEventListener('dragleave', leave, stop);
  window.addEventListener('drop', drop, stop);
  return () => stop.abort();
}

/** What files are dropped for depends on what is being asked for. */
function take(files: readonly File[]): void {
  const [file] = files;
  if (file === undefined) return;
  const isArchiveWanted = useStore.getState().getting.dialog === 'archive';
  void (isArchiveWanted ? takeDroppedArchive(file) : explainDroppedFiles(file, files.length - 1));
}
