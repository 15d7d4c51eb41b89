import type { UseCommand } from '../../electron/ipc/contract.ts';
import { CopyButton } from './copy-button.tsx';
import type { ImagesView } from './images-view.ts';

/** What to type to use what was made, to be copied. */
export function Commands({
  images,
  commands,
}: {
  readonly images: ImagesView;
  readonly commands: readonly UseCommand[];
}) {
  if (commands.length === 0) return null;
  return (
    <section className="form-section" aria-label="How to use them">
      <h3 className="field-label">How to use them</h3>
      <ul className="images-commands">
        {commands.map(({ does, command }) => (
          <li key={command}>
            <div>
              <p>{does}</p>
              <p className="path images-path">{command}</p>
            </div>
            <CopyButton images={images} text={command} what={`the command: ${does}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}
