import { describeOrigin } from '../../binfmt/boot/boot-sentences.ts';
import type { Snapshot } from '../../binfmt/snapshot.ts';
import { agreementOn, type ConcernedFile } from '../../boot-agreement.ts';
import { carryOut, openManager } from '../carry-out.ts';
import { entriesCalled, toForget, toKeep } from '../entry-names.ts';
import { complainOfMount } from '../mounted.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED, type Run } from '../verb.ts';

/** `keep` and `forget`: whether entries come back at boot. */
const changeAtBoot =
  (kind: 'keep-at-boot' | 'not-at-boot'): Run =>
  async (call: Call): Promise<ExitStatus> => {
    const manager = openManager(call);
    const snapshot = await manager.snapshot();
    const { words, terminal } = call;
    if (kind === 'keep-at-boot' && complainOfMount(snapshot, terminal)) return FAILED;
    const { names, status } =
      kind === 'keep-at-boot'
        ? await entriesCalled(words, snapshot, terminal, toKeep)
        : await entriesCalled(words, snapshot, terminal, toForget, namesAtBoot(snapshot));
    if (status === MISUSED || names.length === 0) return status;
    const { request, files } = agreementOn({ kind, names, agreed: [] }, snapshot);
    const done = await carryOut(request, manager, call, {
      mayDo: async () => files.length === 0 || (await isAgreed(files, call)),
    });
    return status === DONE ? done : status;
  };

export const keep = changeAtBoot('keep-at-boot');
export const forget = changeAtBoot('not-at-boot');

/** The names that are registered when the machine starts. */
const namesAtBoot = ({ boot }: Snapshot): readonly string[] =>
  boot.rules.map(({ registration }) => registration.name);

/** Whether files may be changed that are not this program's alone. They are shown before. */
async function isAgreed(files: readonly ConcernedFile[], { terminal, options }: Call): Promise<boolean> {
  for (const file of files) {
    const { path, text, after, loses } = file;
    const becomes =
      after.kind === 'absent' ? 'is removed' : after.kind === 'masked' ? 'is masked' : 'is written anew';
    const says = text.trimEnd();
    terminal.complain(`${path} ${becomes}. ${describeOrigin(file)}${says === '' ? '' : ' It says:'}`);
    for (const line of says === '' ? [] : says.split('\n')) terminal.complain(`  ${line}`);
    if (loses.length > 0) terminal.complain(`Nothing brings back ${loses.join(', ')} then.`);
  }
  if (options.yes !== undefined) return true;
  if (!terminal.canAsk) {
    terminal.complain('Nothing was changed. Add --yes to change what others wrote.');
    return false;
  }
  if (await terminal.confirm('Change what others wrote?')) return true;
  terminal.complain('Nothing was changed.');
  return false;
}
