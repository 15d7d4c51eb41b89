import { Button, Heading } from 'react-aria-components';
import { answerReplacing } from '../actions/exchange.ts';
import { Overlay } from '../widgets/overlay.tsx';
import type { Exporting } from './export-form.ts';

/** Asks before files that are there already are written over, and names them. */
export function ReplaceDialog({
  asks: { directory, present },
}: {
  readonly asks: NonNullable<Exporting['asks']>;
}) {
  const count = present.length;
  return (
    <Overlay role="alertdialog" onClose={() => answerReplacing(false)}>
      <Heading slot="title">Replace {count === 1 ? 'this file' : `these ${count} files`}?</Heading>
      <p>
        {count === 1 ? 'It is' : 'They are'} already in <span className="path path-whole">{directory}</span>.
        What {count === 1 ? 'it says' : 'they say'} now is lost.
      </p>
      <ul className="export-files">
        {present.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <div className="dialog-buttons">
        <Button className="button" autoFocus onPress={() => answerReplacing(false)}>
          Cancel
        </Button>
        <Button className="button button-danger-fill" onPress={() => answerReplacing(true)}>
          Replace
        </Button>
      </div>
    </Overlay>
  );
}
