import type { ChangeRequest, Row, Snapshot } from '../../electron/ipc/contract.ts';
import { type BootRequest, showResult, type TableName, useStore } from '../store.ts';
import { change, controlOf, TOOLBAR } from './changes.ts';

const { getState: get, setState: set, subscribe } = useStore;

/** Changes what the next start of the machine registers; shows first what that does to files of others. */
export async function changeAtBoot(request: BootRequest, ...controls: readonly string[]): Promise<void> {
  const preview = await window.binfmt.preview(request);
  const { problem } = preview;
  if (problem !== null) showResult({ kind: 'failed', message: problem, details: [], undo: null });
  else if (preview.shows.length > 0) set({ fileQuestion: { request, preview, controls } });
  else await change(request, ...controls);
}

/** The entry that Keep at boot would keep of a row: null where there is none, none that a file can hold, or it is kept. */
export function keepableName(
  { entry, interpreter, boot, bootLine, registerLine }: Row,
  { boot: { services } }: Snapshot,
): string | null {
  if (entry === null || entry.kind === 'bpf' || entry.kind === 'unreadable') return null;
  // With F the kernel opens the interpreter when the machine starts: it must be there to be kept.
  if (boot?.kind === 'refused') {
    return entry.flags.includes('F') && interpreter?.file !== 'executable' ? null : entry.name;
  }
  if (boot?.kind !== 'kept' || boot.rule.path.startsWith('/run/')) return entry.name;
  // A file that nobody reads keeps nothing where there is somebody who reads others.
  if (!boot.service && services.length > 0) return entry.name;
  // What then differs all the same no file can say: that it is disabled now, say.
  return boot.differs === null || bootLine === registerLine ? null : entry.name;
}

/** The entry that Not at boot would keep from coming back; null where none does. */
export const droppableName = ({ boot }: Row): string | null =>
  boot === null || boot.kind === 'until-restart' ? null : boot.rule.registration.name;

/** Does of the two what can be done with one row. */
export function changeRowAtBoot(kind: BootRequest['kind'], table: TableName, row: Row): void {
  const name = kind === 'keep-at-boot' ? keepableName(row, get().snapshot) : droppableName(row);
  if (name !== null) void changeAtBoot({ kind, names: [name], agreed: [] }, controlOf(table, row.name));
}

/** Changes the files that were shown, as they were shown, or leaves them. */
export function answerFileQuestion(yes: boolean): void {
  const question = get().fileQuestion;
  set({ fileQuestion: null });
  if (!yes || question === null) return;
  const agreed = question.preview.shows.map(({ path, text, link }) => ({ path, text, link }));
  void change({ ...question.request, agreed }, ...question.controls);
}

export const askToApplyBoot = (): void => learnApplication(true);

/** Whether to remove what no file registers as well. */
export const setRemoveOthers = (removeOthers: boolean): void => learnApplication(removeOthers);

export function answerApplyBoot(yes: boolean): void {
  const application = get().bootApplication;
  set({ bootApplication: null });
  if (yes && application !== null) void change(applying(application.removeOthers), TOOLBAR);
}

const applying = (removeOthers: boolean): ChangeRequest => ({ kind: 'apply-boot', removeOthers });

/** What was known before stays until what is asked for now is. */
function learnApplication(removeOthers: boolean): void {
  const before = get().bootApplication;
  set({ bootApplication: { changes: null, preview: null, ...before, removeOthers } });
  const asked = Promise.all([
    window.binfmt.bootDifference(removeOthers),
    window.binfmt.preview(applying(removeOthers)),
  ]);
  void asked.then(([changes, preview]) => {
    // Somebody may have closed it, or chosen otherwise.
    if (get().bootApplication?.removeOthers !== removeOthers) return;
    set({ bootApplication: { removeOthers, changes, preview } });
  });
}

// What is shown is what Apply does, also when somebody else changes something meanwhile.
subscribe(({ snapshot, bootApplication }, before) => {
  if (bootApplication !== null && snapshot !== before.snapshot)
    learnApplication(bootApplication.removeOthers);
});
