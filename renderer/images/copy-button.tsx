import { copyFromImages } from '../actions/images.ts';
import { CopyButton as Copies } from '../widgets/copy-button.tsx';
import type { ImagesView } from './images-view.ts';

/** Copies a text of the dialog. */
export const CopyButton = ({
  images: { copied },
  text,
  what,
}: {
  readonly images: ImagesView;
  readonly text: string;
  readonly what: string;
}) => <Copies what={what} isCopied={copied === text} onCopy={() => void copyFromImages(text)} />;
