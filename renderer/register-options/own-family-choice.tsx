import './register-options.css';
import { changeOptions } from '../actions/register-options.ts';
import { type RegisteringWithOptions, useStore } from '../store.ts';
import { CheckBox } from '../widgets/check-box.tsx';

/** Whether to register what the machine may run itself; nothing where none of the targets is such a one. */
export function OwnFamilyChoice({
  registering: { form, preview },
}: {
  readonly registering: RegisteringWithOptions;
}) {
  const machine = useStore((store) => store.snapshot.host.machine);
  if (!preview.targets.some(({ isOwnFamily }) => isOwnFamily)) return null;
  return (
    <section className="form-section" aria-label="This machine’s own">
      <CheckBox
        isSelected={form.ownFamily}
        onChange={(ownFamily) => changeOptions({ ownFamily })}
        meaning={
          <>
            Such as arm on an ARM server that runs 64-bit programs only. What would take this machine’s own
            programs ({machine}) is refused all the same.
          </>
        }
      >
        Also targets this machine runs itself
      </CheckBox>
    </section>
  );
}
