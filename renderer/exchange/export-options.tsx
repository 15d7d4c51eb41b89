import { expectsArgv0 } from '../../electron/ipc/contract.ts';
import { changeExport, changeExportOptions, chooseExportInterpreter } from '../actions/exchange.ts';
import { FlagChoices } from '../register-options/flag-choices.tsx';
import { DirectoryAndSuffix, OneFile, ways } from '../register-options/interpreter-choice.tsx';
import { useStore } from '../store.ts';
import { CheckBox } from '../widgets/check-box.tsx';
import { Segments } from '../widgets/segments.tsx';
import { TextInput } from '../widgets/text-input.tsx';
import { type Exporting, wayOf, waysFor } from './export-form.ts';

/** The options that targets are exported with. */
export function ExportOptions({ exporting }: { readonly exporting: Exporting }) {
  const { options, what } = exporting.form;
  const way = wayOf(exporting);
  const interpreter = way === 'file' ? options.path : way === 'directory' ? options.suffix : '';
  return (
    <>
      <section className="form-section" aria-label="Interpreter">
        <Segments
          label="Interpreter"
          choices={ways.filter(({ value }) => waysFor(exporting).includes(value))}
          chosen={way}
          onChoose={(chosen) => changeExportOptions({ interpreter: chosen })}
        />
        {way === 'found' && (
          <p className="muted">The emulators that are installed here, for the targets that have one.</p>
        )}
        {way === 'directory' && <DirectoryAndSuffix form={options} onChange={changeExportOptions} />}
        {way === 'file' && (
          <OneFile
            form={options}
            onChange={changeExportOptions}
            onChoose={() => void chooseExportInterpreter()}
          />
        )}
      </section>
      <FlagChoices
        form={options}
        flags={[expectsArgv0(interpreter) ? 'P' : '']}
        onChange={changeExportOptions}
      />
      {what === 'all-targets' && <ForMachine exporting={exporting} />}
    </>
  );
}

/** Which targets all of them are: those that the machine runs itself are left out. */
function ForMachine({ exporting: { form } }: { readonly exporting: Exporting }) {
  const host = useStore((store) => store.snapshot.host.machine);
  return (
    <section className="form-section" aria-label="Machine">
      <TextInput
        label="For a machine"
        value={form.machine}
        onChange={(machine) => changeExport({ machine })}
        placeholder={`${host}, this one`}
        note="As “uname -m” names it there: HOST_ARCH of qemu-binfmt-conf.sh"
        maxLength={255}
      />
      <CheckBox
        isSelected={form.ownFamily}
        onChange={(ownFamily) => changeExport({ ownFamily })}
        meaning="Such as arm on an ARM server that runs 64-bit programs only: --ignore-family."
      >
        Also targets it may run itself
      </CheckBox>
    </section>
  );
}
