import { expectsArgv0 } from '../../electron/ipc/contract.ts';
import { changeExportOptions } from '../actions/exchange.ts';
import { FlagChoices } from '../register-options/flag-choices.tsx';
import { DirectoryAndSuffix } from '../register-options/interpreter-choice.tsx';
import type { OptionsForm } from '../register-options/options-form.ts';

/** The options that targets are exported with: as qemu-binfmt-conf.sh has them, whatever is installed here. */
export function ExportOptions({ form }: { readonly form: OptionsForm }) {
  return (
    <>
      <section className="form-section" aria-label="Interpreter">
        <DirectoryAndSuffix form={form} onChange={changeExportOptions} />
      </section>
      <FlagChoices
        form={form}
        flags={[expectsArgv0(form.suffix) ? 'P' : '']}
        onChange={changeExportOptions}
      />
    </>
  );
}
