import { formatSize } from '../../electron/ipc/contract.ts';
import { ProgressBar } from '../widgets/progress-bar.tsx';
import { buildProgressOf, type ImagesView, type Work } from './images-view.ts';

/** How far a build is: in all, and each thing that is read for it. */
export function BuildProgressView({ images, work }: { readonly images: ImagesView; readonly work: Work }) {
  const progress = buildProgressOf(images);
  const { doneBytes = 0, totalBytes = 0, items = [], archive = null } = progress ?? {};
  const ready = items.filter((item) => item.doneBytes >= item.totalBytes).length;
  return (
    <div className="images-progress">
      <ProgressBar label="In all" done={doneBytes} total={totalBytes} isLarge>
        <span>
          {work.isCancelled
            ? 'Cancelling…'
            : archive === null
              ? 'Reading and compressing'
              : 'Writing the archive'}
        </span>
        <span className="muted">
          {totalBytes > 0 &&
            `${formatSize(doneBytes)} of ${formatSize(totalBytes)}, ${ready} of ${items.length} ready`}
        </span>
      </ProgressBar>
      <div className="images-items">
        {[...items, ...(archive === null ? [] : [archive])].map((item) => (
          <ProgressBar key={item.name} label={item.name} done={item.doneBytes} total={item.totalBytes}>
            <span className="images-item-name">{item.name}</span>
          </ProgressBar>
        ))}
      </div>
    </div>
  );
}
