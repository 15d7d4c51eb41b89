import { encodeBytes } from '../binfmt/bytes.ts';
import type { BootFileContent, Operation } from '../binfmt/operations.ts';
import { shellQuote } from './shell-quote.ts';

/**
 * The functions of bash for files that register formats when the machine starts, part of what root executes.
 *
 *     set_boot_file DIRECTORY NAME KIND TEXT KIND TEXT
 *
 * The first kind and text are what the file must still hold, the second what it is to hold: it has the one or the
 * other at any moment, for the new one comes into its place by rename(2).
 */
export const bootFunctions = `
set_boot_file() {
  local boot=$1 file=$1/$2 kind=$5 text=$6 temporary
  case $boot in /etc/binfmt.d | /var/lib/binfmts) ;; *) echo 'Not a configuration file'; return 1 ;; esac
  case $2 in '' | . | .. | */*) echo 'Not a configuration file'; return 1 ;; esac
  holds "$file" "$3" "$4" || return
  if [[ $kind == absent ]]; then
    /bin/rm -f -- "$file" && /bin/sync -- "$boot"
    return
  fi
  /bin/mkdir -p -m 0755 -- "$boot" && /bin/rm -rf -- "$boot"/.qemu-binfmt-manager.* || return
  # In a directory of its own: update-binfmts takes every file beside the others for a format.
  temporary=$(/bin/mktemp -d -- "$boot/.qemu-binfmt-manager.XXXXXXXX") || return
  case $kind in
    link) /bin/ln -sT -- "$text" "$temporary/new" ;;
    text) printf %s "$text" > "$temporary/new" && /bin/chmod 0644 -- "$temporary/new" && /bin/sync -- "$temporary/new" ;;
  esac && /bin/mv -fT -- "$temporary/new" "$file" && /bin/sync -- "$boot" && /bin/rm -rf -- "$temporary" && return
  /bin/rm -rf -- "$temporary"
  return 1
}
holds() {
  local text=
  if [[ -L $1 ]]; then
    text=$(/bin/readlink -n -- "$1"; echo .)
    [[ $2 == link && $text == "$3." ]] && return
  elif [[ -f $1 ]]; then
    IFS= read -r -d '' text < "$1"
    [[ $2 == text && $text == "$3" ]] && return
  elif [[ ! -e $1 && $2 == absent ]]; then
    return
  fi
  echo 'File was changed'
  return 1
}
`;

/** The line of bash for the operation, for a script that has {@link bootFunctions}. */
export function bootCommand({
  directory,
  file,
  before,
  after,
}: Extract<Operation, { kind: 'set-boot-file' }>): string {
  const words = [directory, file, ...wordsOf(before), ...wordsOf(after)];
  return ['set_boot_file', ...words.map((word) => shellQuote(encodeBytes(word)))].join(' ');
}

function wordsOf(content: BootFileContent): readonly [kind: string, text: string] {
  switch (content.kind) {
    case 'absent':
      return ['absent', ''];
    case 'masked':
      return ['link', '/dev/null'];
    case 'link':
      return ['link', content.target];
    case 'text':
      return ['text', content.text];
  }
}
