/** An option of the command, as the help, the manual page and the completions describe it. */
export interface OptionDefinition {
  /** One letter, as `register.sh` and qemu-binfmt-conf.sh have it where they have one. */
  readonly short?: string;
  /** What stands behind it; without one it is a flag. */
  readonly value?: OptionValue;
  readonly help: string;
}

export type OptionValue =
  | { readonly name: string; readonly choices: readonly string[] }
  | { readonly name: string; readonly completes: 'files' | 'directories' | 'nothing' };

const yesOrNo = { name: 'yes|no', choices: ['yes', 'no'] } as const;

/** All options. An option means the same wherever it is allowed. */
export const options = {
  'qemu-path': {
    short: 'Q',
    value: { name: 'DIR', completes: 'directories' },
    help: 'register the emulators in this directory',
  },
  'qemu-suffix': {
    short: 'F',
    value: { name: 'SUFFIX', completes: 'nothing' },
    help: 'what follows the target in the name of an emulator, such as -static',
  },
  interpreter: {
    value: { name: 'FILE', completes: 'files' },
    help: 'register this file, whatever it is called',
  },
  persistent: {
    short: 'p',
    value: yesOrNo,
    help: 'open the emulator now (flag F), so that it works in containers, too (default: yes)',
  },
  credential: {
    short: 'c',
    value: yesOrNo,
    help: 'let set-uid programs keep their rights while emulated (flags OC), which is a risk (default: no)',
  },
  'preserve-argv0': {
    short: 'g',
    value: yesOrNo,
    help: 'let programs see the name they were called by (flag P) (default: where the emulator’s name asks for it)',
  },
  'ignore-family': {
    short: 'i',
    value: yesOrNo,
    help: 'also targets that this machine may run itself (default: no)',
  },
  register: { value: yesOrNo, help: 'register what they emulate, too (default: yes)' },
  reset: { help: 'remove all of QEMU’s entries before, under the same permission' },
  keep: { help: 'leave alone what is registered already' },
  replace: { help: 'register anew what is registered already' },
  'remove-others': { help: 'remove what is registered and not wanted' },
  format: {
    value: { name: 'FORMAT', choices: ['json', 'conf', 'template', 'script'] },
    help: 'what to write: json (default), conf for systemd’s binfmt.d, template for update-binfmts, or a script',
  },
  output: {
    short: 'o',
    value: { name: 'PATH', completes: 'files' },
    help: 'where to write: a file, or a directory for many (default: the standard output, for tarballs the current directory)',
  },
  form: {
    value: { name: 'FORM', choices: ['docker-archive', 'oci-archive', 'oci-layout'] },
    help: 'as what to write images: one file for docker load and podman load (default), one file of which podman and skopeo take a tag at a time, or a directory, which can be published',
  },
  only: {
    value: { name: 'IMAGES', choices: ['targets', 'register', 'latest'] },
    help: 'make these images and no others: one for each target, the one that registers, or the one that registers what it holds',
  },
  repository: {
    value: { name: 'NAME', completes: 'nothing' },
    help: 'what the images are called, without a tag (default: localhost/qemu-user-static)',
  },
  'dry-run': {
    short: 'n',
    help: 'print what would be done and the script, if any, that root would execute; change nothing',
  },
  sudo: { help: 'have sudo carry it out; it asks for your password' },
  yes: { short: 'y', help: 'do not ask' },
  json: { help: 'print JSON' },
  quiet: { short: 'q', help: 'print nothing but what was asked for and what went wrong' },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

export type OptionName = keyof typeof options;

/** The options a person gave: a value, or true for a flag. */
export type GivenOptions = Readonly<Partial<Record<OptionName, string | true>>>;

/** What every verb that changes the system takes. */
export const changeOptions = ['dry-run', 'sudo', 'quiet'] as const satisfies readonly OptionName[];
