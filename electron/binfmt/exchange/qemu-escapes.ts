import type { Registration } from '../register-line.ts';
import { entryNameOf, targetNamed } from '../targets.ts';

/** qemu-binfmt-conf.sh writes the letters `ELF` as such in every magic but this target's. */
const WHOLLY_ESCAPED = targetNamed('hppa');

/** A text with the registration's magic, the escapes such as QEMU's script writes them. */
export const asQemuEscapes = (registration: Registration, text: string): string =>
  WHOLLY_ESCAPED !== undefined &&
  registration.kind === 'magic' &&
  registration.name === entryNameOf(WHOLLY_ESCAPED) &&
  registration.magic === WHOLLY_ESCAPED.magic
    ? text.replace('\\x7fELF', '\\x7f\\x45\\x4c\\x46')
    : text;
