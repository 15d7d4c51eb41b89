import { change } from '../actions/changes.ts';
import { canChange } from '../selectors.ts';
import { useStore } from '../store.ts';
import { StateSwitch } from '../widgets/state-switch.tsx';

/** Whether the kernel looks at its formats at all: the `status` file. */
export function MasterSwitch({ control }: { readonly control: string }) {
  const state = useStore((store) => store.snapshot.binfmtMisc);
  const isPending = useStore((store) => store.pending.has(control));
  const isPossible = useStore(canChange);
  return (
    <StateSwitch
      isSelected={state === 'on'}
      isDisabled={!isPossible}
      isPending={isPending}
      onChange={(on) => void change({ kind: 'switch-master', on }, control)}
    >
      binfmt_misc
    </StateSwitch>
  );
}
