import './explain.css';
import { X } from 'lucide-react';
import { Button, Heading } from 'react-aria-components';
import {
  describeEntryVerdict,
  describeOpening,
  type Explanation,
  type Snapshot,
} from '../../electron/ipc/contract.ts';
import { TOOLBAR } from '../actions/changes.ts';
import { importExplained } from '../actions/exchange.ts';
import { actOnExplanation, closeExplanation, explainChosenFile } from '../actions/explain.ts';
import { openInstall, takeExplainedArchive } from '../actions/getting.ts';
import { canChange } from '../selectors.ts';
import { useStore } from '../store.ts';
import { Overlay } from '../widgets/overlay.tsx';
import { lookOf } from './explanation-look.ts';

type Step = Explanation['steps'][number];

/** Why a file runs or does not: the verdict, what helps, and each file the kernel meets on the way. */
export function ExplainDialog() {
  const explanation = useStore((store) => store.explanation);
  if (explanation === null) return null;
  return (
    // Another file is another dialog, to be read from its beginning.
    <Overlay key={explanation.path} isWide onClose={closeExplanation}>
      <header className="dialog-header">
        <Heading slot="title">{lookOf(explanation).question}</Heading>
        <Button className="icon-button" aria-label="Close explanation" onPress={closeExplanation}>
          <X aria-hidden />
        </Button>
      </header>
      <div>
        <p className="path path-whole">{explanation.path}</p>
        {explanation.others > 0 && <p className="muted">{notExplained(explanation.others)}</p>}
      </div>
      <Verdict explanation={explanation} />
      <ol className="explain-steps">
        {explanation.steps.map((step, index) => (
          // Interpreters that lead in a circle come several times.
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place on the way.
          <StepItem key={index} step={step} isFirst={index === 0} />
        ))}
      </ol>
      <div className="dialog-buttons">
        {/\.(?:json|conf)$/i.test(explanation.path) && (
          <Button className="button" onPress={() => void importExplained()}>
            Import it…
          </Button>
        )}
        {isArchiveName(explanation.path) && (
          <Button className="button" onPress={() => void takeExplainedArchive()}>
            Interpreters from it…
          </Button>
        )}
        <Button className="button" onPress={() => void explainChosenFile()}>
          Explain another file…
        </Button>
      </div>
    </Overlay>
  );
}

function Verdict({ explanation }: { readonly explanation: Explanation }) {
  const isPossible = useStore(canChange);
  const canAct = useStore((store) => !store.pending.has(TOOLBAR)) && isPossible;
  const lacksEmulator = useStore(({ snapshot }) => isWithoutEmulator(explanation, snapshot));
  const { action, verdict } = explanation;
  const { icon: Icon, iconClass, className } = lookOf(explanation);
  return (
    <div className={`explain-verdict ${className}`} role="status">
      <Icon aria-hidden className={iconClass} />
      <p>{verdict}</p>
      {action !== null && (
        <Button
          className="button button-primary"
          // Mounting is what makes everything else possible.
          isDisabled={!canAct && action.label !== 'Mount'}
          onPress={() => void actOnExplanation(action)}
        >
          {labelOf(explanation)}
        </Button>
      )}
      {lacksEmulator && (
        <Button
          className="button button-primary"
          isDisabled={!isPossible}
          onPress={() => {
            closeExplanation();
            openInstall();
          }}
        >
          Install QEMU…
        </Button>
      )}
    </div>
  );
}

/** Whether it is a program of a target that nothing on this machine emulates. */
function isWithoutEmulator({ outcome, steps }: Explanation, { targets }: Snapshot): boolean {
  const content = steps.at(-1)?.content;
  if (outcome.kind !== 'fails' || outcome.entry !== null || content?.kind !== 'elf') return false;
  return targets.some(({ name, state }) => name === content.target && state === 'Not installed');
}

function StepItem({ step, isFirst }: { readonly step: Step; readonly isFirst: boolean }) {
  // Of an interpreter only few want to know what takes it, and mostly nothing does.
  const isTelling = isFirst || step.entries.some(({ kind }) => kind === 'takes');
  return (
    <li className="explain-step">
      <p className="path path-whole">{step.path}</p>
      <p>{step.description}</p>
      {describeOpening(step).map((sentence) => (
        <p key={sentence} className="muted">
          {sentence}
        </p>
      ))}
      {step.entries.length > 0 && (
        <details className="disclosure" open={isTelling && step.entries.length <= 6}>
          <summary>
            {step.entries.length === 1
              ? 'The one entry'
              : `All ${step.entries.length} entries, in match order`}
          </summary>
          <ul className="explain-entries">
            {step.entries.map((verdict) => (
              <li key={verdict.name} className={verdict.kind === 'takes' ? 'explain-takes' : ''}>
                <code>{verdict.name}</code> {describeEntryVerdict(verdict)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

const isArchiveName = (path: string): boolean => /\.(?:deb|rpm|tar|t?(?:gz|xz|zst|bz2)|tbz)$/i.test(path);

const notExplained = (others: number): string =>
  others === 1
    ? 'One file was dropped with it. Drop that one alone to have it explained.'
    : `${others} files were dropped with it. Drop them one at a time to have them explained.`;

/** `Register aarch64`, `Enable`, `Mount`: what the button does, and to which target. */
function labelOf({ action }: Explanation): string {
  if (action === null) return '';
  const targets = action.requests.flatMap((request) => (request.kind === 'register' ? request.targets : []));
  return [action.label, ...targets].join(' ');
}
