import { describeFlag } from '../../electron/ipc/contract.ts';
import { changeFields } from '../actions/add-format.ts';
import { CheckBox } from '../widgets/check-box.tsx';
import { withFlag } from './format-form.ts';

/** The flags that every kernel knows, each with what it means. */
export const FlagBoxes = ({ flags }: { readonly flags: string }) => (
  <section className="form-section" aria-label="Flags">
    <h3 className="field-label">Flags</h3>
    <div className="format-flags">
      {[...'FOCP'].map((flag) => (
        <CheckBox
          key={flag}
          isSelected={flags.includes(flag)}
          onChange={(isSet) => changeFields({ flags: withFlag(flags, flag, isSet) })}
        >
          <span className="flag">{flag}</span>
          <span>{describeFlag(flag)}</span>
        </CheckBox>
      ))}
    </div>
  </section>
);
