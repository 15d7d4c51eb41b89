import { encodeBytes } from '../binfmt/bytes.ts';
import type { BootFileContent, Operation } from '../binfmt/operations.ts';
import { shellQuote } from './shell-quote.ts';

/**
 * The functions of bash for files of /etc/binfmt.d, part of what root executes.
 *
 *     set_boot_file NAME KIND TEXT KIND TEXT
 *
 * The first kind and text are what the file must still hold, the second what it is to hold: it has the one or the
 * other at any moment, for the new one comes into its place by rename(2).
 */
export const bootFunctions = `
boot=/etc/binfmt.d
set_boot_file() {
  local file=$boot/$1 kind=$4 text=$5 temporary
  case $1 in '' | .* | */*) echo 'Not a configuration file'; return 1 ;; esac
  holds "$file" "$2" "$3" || return
  if [[ $kind == absent ]]; then
    /bin/rm -f -- "$file" && /bin/sync -- "$boot"
    return
  fi
  /bin/mkdir -p -m 0755 -- "$boot" && /bin/rm -f -- "$boot"/.qemu-binfmt-manager.* || return
  temporary=$(/bin/mktemp -- "$boot/.qemu-binfmt-manager.XXXXXXXX") || return
  case $kind in
    masked) /bin/ln -sfT /dev/null "$temporary" ;;
    text) printf %s "$text" > "$temporary" && /bin/chmod 0644 -- "$temporary" && /bin/sync -- "$temporary" ;;
  esac && /bin/mv -fT -- "$temporary" "$file" && /bin/sync -- "$boot" && return
  /bin/rm -f -- "$temporary"
  return 1
}
holds() {
  local text=
  if [[ -L $1 ]]; then
    [[ $2 == masked && $(/bin/readlink -- "$1") == /dev/null ]] && return
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
export function bootCommand({ file, before, after }: Extract<Operation, { kind: 'set-boot-file' }>): string {
  const words = [file, ...wordsOf(before), ...wordsOf(after)];
  return ['set_boot_file', ...words.map((word) => shellQuote(encodeBytes(word)))].join(' ');
}

const wordsOf = (content: BootFileContent): readonly [kind: string, text: string] => [
  content.kind,
  content.kind === 'text' ? content.text : '',
];
