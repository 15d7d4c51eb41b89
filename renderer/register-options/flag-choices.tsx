import './register-options.css';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { CheckBox } from '../widgets/check-box.tsx';
import type { OptionsForm } from './options-form.ts';

/** The flags, each with what it means in practice, and a warning where it is due. */
export function FlagChoices({
  form,
  flags,
  onChange,
}: {
  readonly form: Pick<OptionsForm, 'persistent' | 'credentials' | 'preserveArgv0'>;
  /** Those of each line that comes of it: what the interpreters' names ask for shows there. */
  readonly flags: readonly string[];
  readonly onChange: (part: Partial<OptionsForm>) => void;
}) {
  const { persistent, credentials, preserveArgv0 } = form;
  const withP = flags.filter((letters) => letters.includes('P')).length;
  const isAsNeeded = preserveArgv0 === 'as-needed';
  return (
    <section className="form-section" aria-label="Flags">
      <h3 className="field-label">Flags</h3>
      <Flag
        name="Persistent"
        letters="F"
        isSelected={persistent}
        onChange={(yes) => onChange({ persistent: yes })}
        warning={
          !persistent &&
          'Without it, the kernel looks for the interpreter inside each container and chroot, and mostly finds none there.'
        }
      >
        Works in containers and chroots: the kernel opens the interpreter now, and keeps it.
      </Flag>
      <Flag
        name="Credentials"
        letters="OC"
        isSelected={credentials}
        onChange={(yes) => onChange({ credentials: yes })}
        warning={
          credentials &&
          'A risk: a set-uid program of root, emulated, runs with root’s rights, and so does what a flaw in QEMU lets it do.'
        }
      >
        Set-uid programs keep their owner’s rights while they are emulated.
      </Flag>
      <Flag
        name="Preserve argv[0]"
        letters="P"
        isSelected={isAsNeeded ? withP > 0 && withP === flags.length : preserveArgv0}
        isIndeterminate={isAsNeeded && withP > 0 && withP < flags.length}
        onChange={(yes) => onChange({ preserveArgv0: yes })}
      >
        The program sees the name it was started by. Needs QEMU 6.0 or newer.
        <br />
        {isAsNeeded ? (
          'Follows the interpreter: Debian’s …-binfmt-P needs it, others do not.'
        ) : (
          <Button
            className="button button-link options-inline"
            onPress={() => onChange({ preserveArgv0: 'as-needed' })}
          >
            Follow the interpreter
          </Button>
        )}
      </Flag>
    </section>
  );
}

function Flag({
  name,
  letters,
  isSelected,
  isIndeterminate = false,
  onChange,
  warning = false,
  children,
}: {
  readonly name: string;
  readonly letters: string;
  readonly isSelected: boolean;
  readonly isIndeterminate?: boolean;
  readonly onChange: (yes: boolean) => void;
  readonly warning?: string | false;
  readonly children: ReactNode;
}) {
  return (
    <CheckBox
      isSelected={isSelected}
      isIndeterminate={isIndeterminate}
      onChange={onChange}
      meaning={
        <>
          {children}
          {warning !== false && (
            <p className="options-warning">
              <TriangleAlert role="img" aria-label="Warning" className="state-warning" />
              {warning}
            </p>
          )}
        </>
      }
    >
      <span>
        {name} <span className="flag">{letters}</span>
      </span>
    </CheckBox>
  );
}
