import '../widgets/check-box.css';
import { Check, Minus } from 'lucide-react';
import { Cell, Checkbox, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import {
  formatSize,
  INTERPRETER_DIRECTORY,
  type ListedArchive,
  type ListedProgram,
} from '../../electron/ipc/contract.ts';
import { changeArchiveForm } from '../actions/getting.ts';

/** The emulators of an archive, those that are not made for this machine among them, to choose from. */
export function ProgramTable({
  archive: { programs },
  chosen,
}: {
  readonly archive: ListedArchive;
  readonly chosen: readonly string[];
}) {
  const usable = programs.filter(({ runsHere }) => runsHere).map(({ fileName }) => fileName);
  const size = programs.reduce(
    (sum, program) => (chosen.includes(program.fileName) ? sum + program.size : sum),
    0,
  );
  return (
    <section className="form-section" aria-label="Emulators">
      <div className="program-head">
        <h3 className="field-label">Emulators</h3>
        <p className="muted">
          {chosen.length} of {programs.length}
          {chosen.length > 0 && `, ${formatSize(size)}`}
        </p>
      </div>
      <div className="program-scroll">
        <Table
          aria-label="Emulators"
          className="programs"
          selectionMode="multiple"
          selectionBehavior="toggle"
          // Escape closes the dialog, as it does everywhere else.
          escapeKeyBehavior="none"
          selectedKeys={chosen}
          disabledKeys={programs.filter(({ runsHere }) => !runsHere).map(({ fileName }) => fileName)}
          onSelectionChange={(keys) =>
            changeArchiveForm({ fileNames: usable.filter((name) => keys === 'all' || keys.has(name)) })
          }
        >
          <TableHeader>
            <Column className="program-column program-check">
              <SelectionBox />
            </Column>
            <Column isRowHeader className="program-column">
              Emulator
            </Column>
            <Column className="program-column program-target">Target</Column>
            <Column className="program-column program-short">QEMU</Column>
            <Column className="program-column program-short">Size</Column>
            <Column className="program-column program-short">Linked</Column>
            <Column className="program-column program-note">In {INTERPRETER_DIRECTORY}</Column>
          </TableHeader>
          <TableBody items={programs}>
            {(program) => (
              <Row id={program.fileName} className="program" textValue={program.fileName}>
                <Cell className="program-cell program-check">
                  <SelectionBox />
                </Cell>
                <Cell className="program-cell program-name">{program.fileName}</Cell>
                <Cell className="program-cell">{program.target}</Cell>
                <Cell className="program-cell">{program.qemuVersion}</Cell>
                <Cell className="program-cell">{formatSize(program.size)}</Cell>
                <Cell className="program-cell">{program.linkage}</Cell>
                <Cell className="program-cell">{noteOf(program)}</Cell>
              </Row>
            )}
          </TableBody>
        </Table>
      </div>
      {programs.some(({ linkage }) => linkage === 'dynamic') && (
        <p className="muted">
          A dynamic one needs its libraries wherever it runs, which containers do not have.
        </p>
      )}
    </section>
  );
}

const SelectionBox = () => (
  <Checkbox slot="selection" className="check-box">
    {({ isIndeterminate }) => (
      <span className="check-box-mark">
        {isIndeterminate ? <Minus aria-hidden /> : <Check aria-hidden />}
      </span>
    )}
  </Checkbox>
);

/** What speaks against it, or what becomes of what is there. */
function noteOf({ runsHere, machineName, present }: ListedProgram): string {
  if (!runsHere) return `Made for ${machineName}, not for this machine`;
  switch (present.kind) {
    case 'none':
      return 'New';
    case 'same':
      return 'There already';
    case 'other':
      return `Replaces ${present.qemuVersion ?? 'another'}`;
  }
}
