import './file-question.css';
import { Button, Heading } from 'react-aria-components';
import { type ConcernedFile, describeOrigin } from '../../electron/ipc/contract.ts';
import { answerFileQuestion } from '../actions/boot.ts';
import { copyText } from '../actions/copy-text.ts';
import { type FileQuestion as Question, useStore } from '../store.ts';
import { Overlay } from '../widgets/overlay.tsx';
import { WhatWillRun } from '../widgets/what-will-run.tsx';

/** Shows the files that are not this program's alone, and what becomes of them, before anything is done to them. */
export default function FileQuestion() {
  const question = useStore((store) => store.fileQuestion);
  if (question === null) return null;
  return (
    <Overlay isWide onClose={() => answerFileQuestion(false)}>
      <QuestionAbout question={question} />
    </Overlay>
  );
}

function QuestionAbout({ question: { preview } }: { readonly question: Question }) {
  const files = preview.shows;
  const [only] = files;
  const verb = files.length === 1 && only !== undefined ? verbFor(only) : 'Change';
  return (
    <>
      <Heading slot="title">
        {verb} {files.length === 1 ? 'this file' : `these ${files.length} files`}?
      </Heading>
      <p>Undo brings back what is there now.</p>
      {files.map((file) => (
        <FilePart key={file.path} file={file} />
      ))}
      <WhatWillRun preview={preview} />
      <div className="dialog-buttons">
        <Button className="button" autoFocus onPress={() => answerFileQuestion(false)}>
          Cancel
        </Button>
        <Button className="button button-danger-fill" onPress={() => answerFileQuestion(true)}>
          {verb}
        </Button>
      </div>
    </>
  );
}

function FilePart({ file }: { readonly file: ConcernedFile }) {
  const { path, text, link, after, loses } = file;
  return (
    <div className="shown-file">
      <div className="shown-file-head">
        <h3 className="path path-whole">{path}</h3>
        <Button
          className="button button-link"
          aria-label={`Copy ${path}`}
          onPress={() => void copyText(text, path)}
        >
          Copy
        </Button>
      </div>
      <p>{describeOrigin(file)}</p>
      {link !== '/dev/null' && <Text label={`What ${path} says`} text={text} />}
      {loses.length > 0 && (
        <p className="notice notice-warning">
          It also brings back <Names names={loses} />, which nothing would bring back any more.
        </p>
      )}
      <p>{sentenceFor(file)}</p>
      {after.kind === 'text' && <Text label="What it will say" text={after.text} />}
    </div>
  );
}

function Text({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // Scrollable, so it must be reachable from the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
    <section className="shown-file-text" aria-label={label} tabIndex={0}>
      <pre>{text === '' ? '(empty)' : text}</pre>
    </section>
  );
}

const Names = ({ names }: { readonly names: readonly string[] }) =>
  names.map((name, index) => (
    <span key={name}>
      {index === 0 ? '' : index === names.length - 1 ? ' and ' : ', '}
      <code>{name}</code>
    </span>
  ));

function verbFor({ after, path, afterPath }: ConcernedFile): string {
  switch (after.kind) {
    case 'absent':
      return 'Remove';
    case 'masked':
      return 'Mask';
    case 'link':
    case 'text':
      return path === afterPath ? 'Replace' : 'Override';
  }
}

function sentenceFor({ after, path, afterPath }: ConcernedFile): string {
  const isInPlace = path === afterPath;
  switch (after.kind) {
    case 'absent':
      return 'It is removed.';
    case 'masked':
      return isInPlace
        ? 'A link to /dev/null takes its place, so that the file of this name in another directory is not read instead.'
        : `It stays where it is, but is not read any more: ${afterPath} becomes a link to /dev/null.`;
    case 'link':
      return `A link to ${after.target} takes its place.`;
    case 'text':
      return isInPlace
        ? 'It is replaced. From then on it says:'
        : `It stays where it is, but ${afterPath} is read instead of it, which says:`;
  }
}
