import { Check, Copy } from 'lucide-react';
import { Button } from 'react-aria-components';

/** Copies something, and shows that it was copied: what the window says of it lies behind a dialog. */
export function CopyButton({
  what,
  isCopied,
  onCopy,
}: {
  readonly what: string;
  readonly isCopied: boolean;
  readonly onCopy: () => void;
}) {
  return (
    <Button className="icon-button" aria-label={`${isCopied ? 'Copied' : 'Copy'} ${what}`} onPress={onCopy}>
      {isCopied ? <Check aria-hidden className="state-good" /> : <Copy aria-hidden />}
    </Button>
  );
}
