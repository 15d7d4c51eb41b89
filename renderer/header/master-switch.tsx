import { change, useStore } from '../store.ts';
import { StateSwitch } from '../widgets/state-switch.tsx';

/** Whether the kernel looks at its formats at all: the `status` file. */
export function MasterSwitch({ control }: { readonly control: string }) {
  const state = useStore((store) => store.snapshot.binfmtMisc);
  const isPending = useStore((store) => store.pending.has(control));
  const canChange = useStore((store) => store.elevation.kind !== 'unavailable');
  return (
    <StateSwitch
      isSelected={state === 'on'}
      isDisabled={!canChange || (state !== 'on' && state !== 'off')}
      isPending={isPending}
      onChange={(on) => void change({ kind: 'switch-master', on }, control)}
    >
      binfmt_misc
    </StateSwitch>
  );
}
