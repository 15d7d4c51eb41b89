import { isMounted, type ListedArchive, type PlaceWish, type Row } from '../../electron/ipc/contract.ts';
import { changeArchiveForm } from '../actions/getting.ts';
import { useStore } from '../store.ts';
import { RadioList } from '../widgets/radio-list.tsx';

/** Whether what is installed is registered, too. */
export function RegisterChoice({
  archive,
  form,
}: {
  readonly archive: ListedArchive;
  readonly form: PlaceWish;
}) {
  const snapshot = useStore((store) => store.snapshot);
  if (!isMounted(snapshot)) {
    return (
      <section className="form-section" aria-label="Registering">
        <h3 className="field-label">Registering</h3>
        <p className="muted">binfmt_misc is not mounted, so nothing is registered now.</p>
      </section>
    );
  }
  const targets = new Set(
    archive.programs.filter(({ fileName }) => form.fileNames.includes(fileName)).map(({ target }) => target),
  );
  const rows = snapshot.targets.filter((row) => row.isTarget && targets.has(row.name));
  const free = rows.filter((row) => row.state !== 'Native' && row.entryNames.length === 0).length;
  const taken = rows.filter(isTaken).length;
  return (
    <RadioList
      label="Registering"
      chosen={form.register}
      onChoose={(register) => changeArchiveForm({ register })}
      choices={[
        {
          value: 'keep',
          label: `Register those that nothing serves yet (${free})`,
          meaning: 'What is registered stays as it is.',
        },
        {
          value: 'replace',
          label: `Register all of them (${free + taken})`,
          meaning:
            'They come in place of what serves their targets now. What is disabled stays so; what the kernel refuses leaves the present entry as it is.',
        },
        {
          value: 'no',
          label: 'Register nothing',
          meaning:
            'What is registered with the flag F goes on with the program it has opened, until it is registered anew.',
        },
      ]}
    />
  );
}

const isTaken = (row: Row): boolean => row.entryNames.length > 0;
