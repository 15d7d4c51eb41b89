import { Check, Copy } from 'lucide-react';
import { Button } from 'react-aria-components';
import { copyFromImages } from '../actions/images.ts';
import type { ImagesView } from './images-view.ts';

/** Copies a text, and shows that it was copied: what the window says of it lies behind the dialog. */
export function CopyButton({
  images: { copied },
  text,
  what,
}: {
  readonly images: ImagesView;
  readonly text: string;
  readonly what: string;
}) {
  const isCopied = copied === text;
  return (
    <Button
      className="icon-button"
      aria-label={`${isCopied ? 'Copied' : 'Copy'} ${what}`}
      onPress={() => void copyFromImages(text)}
    >
      {isCopied ? <Check aria-hidden className="state-good" /> : <Copy aria-hidden />}
    </Button>
  );
}
