import { INTERPRETER_DIRECTORY, type Placing } from '../binfmt/placing.ts';
import { KEPT_DIRECTORY } from './place-script.ts';

/** What a failed operation means and what to do; `message` is what the script and its tools said. */
export function explainPlacing({ kind }: Placing, message: string): string {
  const said = (text: string): boolean => message.includes(text);
  const nothing = kind === 'place-interpreters' ? 'Nothing was installed' : 'Nothing was taken back';
  if (said('Source was changed')) {
    return `${nothing}: an unpacked program is not the one that was listed any more. Open the file again.`;
  }
  if (said('Nothing is kept')) return `${nothing}: what was there before is not kept any more.`;
  if (said('Interpreter was changed')) {
    return `${nothing}: somebody else has changed a program in ${INTERPRETER_DIRECTORY} since.`;
  }
  if (said('Not a file')) {
    return `${nothing}: something that is not a program has one of these names in ${INTERPRETER_DIRECTORY}. Move it away.`;
  }
  if (said('No space left') || said('Disk quota exceeded')) {
    return `${nothing}: there is no room left for ${INTERPRETER_DIRECTORY} or ${KEPT_DIRECTORY}. Make room and try again.`;
  }
  if (said('Read-only file system')) {
    return `${nothing}: ${INTERPRETER_DIRECTORY} is read-only here. Use the distribution’s package instead.`;
  }
  return `${nothing}: ${message.split('\n').at(-1) ?? ''}`;
}
