/**
 * What each shell loads: a function that asks the command itself. An entry may be called anything, so that no shell
 * may come to expand a candidate.
 */
export const completionScripts: ReadonlyMap<string, string> = new Map([
  [
    'bash',
    String.raw`# bash completion for qemu-binfmt
_qemu_binfmt() {
  local current=${'$'}{COMP_WORDS[COMP_CWORD]} rest=${'$'}{COMP_LINE-} blanks line word
  local -a words=() lines
  COMPREPLY=()
  # bash breaks words at colons, too, which a name may hold: what stands together on the line is one word.
  for word in "${'$'}{COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    blanks=${'$'}{rest%%[![:space:]]*} rest=${'$'}{rest#"${'$'}{rest%%[![:space:]]*}"}
    if [[ ${'$'}{#words[@]} -gt 0 && -n $COMP_LINE && -z $blanks && $rest == "$word"* ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
    rest=${'$'}{rest#"$word"}
  done
  mapfile -t lines < <("$1" __complete bash "$current" "${'$'}{words[@]:1}" 2>/dev/null)
  case ${'$'}{lines[0]-} in
    files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    directories) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
  esac
  for line in "${'$'}{lines[@]:1}"; do
    word=${'$'}{line%%$'\t'*}
    # Between quotes that are open already nothing more is quoted.
    case $current in [\'\"]*) ;; *) printf -v word %q "$word" ;; esac
    COMPREPLY+=("$word")
  done
}
complete -F _qemu_binfmt qemu-binfmt
`,
  ],
  [
    'zsh',
    String.raw`#compdef qemu-binfmt
# zsh completion for qemu-binfmt
_qemu-binfmt() {
  local line
  local -a lines candidates descriptions
  lines=("${'$'}{(@f)$(${'$'}{(Q)words[1]} __complete zsh "${'$'}{(@Q)words[2,CURRENT-1]}" "${'$'}{(Q)PREFIX}" 2>/dev/null)}")
  case ${'$'}{lines[1]} in
    files) _files; return ;;
    directories) _files -/; return ;;
  esac
  for line in "${'$'}{(@)lines[2,-1]}"; do
    [[ -n $line ]] || continue
    candidates+=("${'$'}{line%%$'\t'*}")
    descriptions+=("${'$'}{line/$'\t'/  }")
  done
  compadd -l -d descriptions -a candidates
}
if [[ $funcstack[1] = _qemu-binfmt ]]; then
  _qemu-binfmt "$@"
else
  compdef _qemu-binfmt qemu-binfmt
fi
`,
  ],
  [
    'fish',
    String.raw`# fish completion for qemu-binfmt
function __qemu_binfmt_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] __complete fish $words[2..-1] "$current" 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$current"
        case directories
            __fish_complete_directories "$current"
        case '*'
            string join -- \n $lines[2..-1]
    end
end
complete -c qemu-binfmt -f -a '(__qemu_binfmt_complete)'
`,
  ],
]);
