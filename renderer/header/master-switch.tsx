import { change } from '../actions/changes.ts';
import { canChange } from '../selectors.ts';
import { useStore } from '../store.ts';
import { StateSwitch } from '../widgets/state-switch.tsx';
import { useIsWaiting, WaitingIcon } from '../widgets/waiting.tsx';

/** Whether the kernel looks at its formats at all: the `status` file. */
export function MasterSwitch({ control }: { readonly control: string }) {
  const state = useStore((store) => store.snapshot.binfmtMisc);
  const isPending = useStore((store) => store.pending.has(control));
  const isPossible = useStore(canChange);
  const isWaiting = useIsWaiting(control);
  return (
    <StateSwitch
      isSelected={state === 'on'}
      isDisabled={!isPossible}
      isPending={isPending}
      isWaiting={isWaiting}
      onChange={(on) => void change({ kind: 'switch-master', on }, control)}
    >
      binfmt_misc
      {isWaiting && <WaitingIcon />}
    </StateSwitch>
  );
}
