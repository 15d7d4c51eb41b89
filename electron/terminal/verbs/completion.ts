import { completionScripts } from '../completion/scripts.ts';
import { type Call, DONE, type ExitStatus, MISUSED } from '../verb.ts';

/** `completion`: prints what makes a shell complete the command's words. */
export async function run({ words, terminal }: Call): Promise<ExitStatus> {
  const [shell = ''] = words;
  const script = completionScripts.get(shell);
  if (script === undefined) {
    terminal.complain(
      `There are completions for ${[...completionScripts.keys()].join(', ')}, and not for “${shell}”.`,
    );
    return MISUSED;
  }
  terminal.print(script);
  return DONE;
}
