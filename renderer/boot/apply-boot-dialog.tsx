import { Button, Heading } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import { textOf } from '../../electron/ipc/contract.ts';
import { answerApplyBoot, setRemoveOthers } from '../actions/boot.ts';
import { TOOLBAR } from '../actions/changes.ts';
import { canChange } from '../selectors.ts';
import { type BootApplication, useStore } from '../store.ts';
import { CheckBox } from '../widgets/check-box.tsx';
import { Difference } from '../widgets/difference.tsx';
import { Losses } from '../widgets/losses.tsx';
import { Overlay } from '../widgets/overlay.tsx';
import { WhatWillRun } from '../widgets/what-will-run.tsx';

/** Asks before the kernel's entries become what the next start of the machine makes of them, and shows what changes. */
export default function ApplyBootDialog() {
  const application = useStore((store) => store.bootApplication);
  if (application === null) return null;
  return (
    <Overlay isWide onClose={() => answerApplyBoot(false)}>
      <Heading slot="title">Apply the boot configuration?</Heading>
      <Question application={application} />
    </Overlay>
  );
}

function Question({
  application: { removeOthers, changes, preview },
}: {
  readonly application: BootApplication;
}) {
  const services = useStore((store) => store.snapshot.boot.services);
  const isPossible = useStore(canChange);
  const isBusy = useStore((store) => store.pending.has(TOOLBAR));
  if (services.length === 0) return <NoService />;
  const hasChanges = preview !== null && preview.problem === null;
  const removed = (changes ?? []).filter(({ kind, problem }) => kind === 'remove' && problem === null);
  return (
    <>
      <p>
        The kernel’s entries become what they will be after the next start of the machine. Undo puts back what
        is registered now.
      </p>
      <CheckBox isSelected={removeOthers} onChange={setRemoveOthers}>
        Also remove what is not configured, as{' '}
        {services.includes('systemd-binfmt') ? 'systemd-binfmt' : 'a restart'} does
      </CheckBox>
      {changes !== null && <Difference changes={changes} />}
      <Losses names={removed.map(({ name }) => name)} />
      <RefusedLines />
      <div>
        <div role="status">{preview?.problem}</div>
        <WhatWillRun preview={preview} />
      </div>
      <div className="dialog-buttons">
        <Button className="button" autoFocus onPress={() => answerApplyBoot(false)}>
          Cancel
        </Button>
        <Button
          className="button button-primary"
          isDisabled={!hasChanges || !isPossible || isBusy}
          onPress={() => answerApplyBoot(true)}
        >
          Apply
        </Button>
      </div>
    </>
  );
}

function NoService() {
  return (
    <>
      <p>
        There is none: no service on this machine registers formats when it starts, whatever files there are.
      </p>
      <div className="dialog-buttons">
        <Button className="button" autoFocus onPress={() => answerApplyBoot(false)}>
          Close
        </Button>
      </div>
    </>
  );
}

/** What the files say in vain. */
function RefusedLines() {
  const findings = useStore(
    useShallow((store) => store.snapshot.findings.filter(({ id }) => id === 'boot-file-broken')),
  );
  if (findings.length === 0) return null;
  return (
    <div className="notice notice-warning">
      <ul>
        {findings.map((finding) => (
          <li key={finding.sentence}>{textOf(finding)}</li>
        ))}
      </ul>
    </div>
  );
}
