import { changeOptions } from './options.ts';
import type { Operands, Verb } from './verb.ts';

const targets = { name: 'TARGET', required: true, many: true } as const;
const entries: Operands = { name: 'NAME', required: true, many: true, completes: 'registered' };

/** All that can be asked of the command, in the order in which help and manual tell of it. */
export const verbs = [
  {
    name: 'list',
    summary: 'list targets and other formats',
    description: [
      'Prints a table of QEMU’s targets and of the other formats that are registered: what each is, its state, its interpreter with QEMU’s version, its flags, and what the next start of the machine makes of it. On a terminal columns give way until the table fits. This is what is done without a verb, for all of them or for the names that stand in its place.',
      'With --json it prints the registrations as “export” does, with the targets and their states; “import” reads it back.',
    ],
    operands: { name: 'NAME', required: false, many: true, completes: 'rows' },
    options: ['json', 'quiet'],
    examples: [
      { command: 'qemu-binfmt', does: 'the whole table' },
      { command: 'qemu-binfmt list arm64 riscv64', does: 'two of its lines' },
      { command: 'qemu-binfmt list --json > saved.json', does: 'everything that is registered, to keep' },
    ],
  },
  {
    name: 'show',
    summary: 'show all there is to know of a target or an entry',
    description: [
      'Prints what a state means in practice, what the diagnosis found and the command that mends it, what happens at boot, the interpreter, the flags in words, the magic over its mask with the fields of the ELF header, the register line and the kernel’s own text.',
    ],
    operands: { name: 'NAME', required: true, many: true, completes: 'rows' },
    options: ['json', 'quiet'],
    examples: [{ command: 'qemu-binfmt show s390x', does: 'why s390x programs run, or do not' }],
  },
  {
    name: 'register',
    summary: 'register targets',
    description: [
      'Registers emulators with the kernel, so that it hands programs of these targets to them. “all” stands for every target whose emulator is installed and that nothing serves yet. Without options the best emulator found in /usr/bin, /usr/local/bin and /usr/libexec/qemu-binfmt is registered, static before dynamic, with flag F.',
      'The options are those of QEMU’s qemu-binfmt-conf.sh and of register.sh. With --qemu-suffix alone, the directory is the first of the above that has such emulators.',
      'Of a target that is registered already, or whose name something else has, you are asked at a terminal whether to replace that; anywhere else --replace or --keep says so.',
      'What this machine runs itself is passed over. Where --reset or --replace would remove an entry that could not be put back, it is named before, and at a terminal you are asked.',
    ],
    operands: { ...targets, completes: 'registrable' },
    options: [
      'qemu-path',
      'qemu-suffix',
      'interpreter',
      'persistent',
      'credential',
      'preserve-argv0',
      'ignore-family',
      'reset',
      'keep',
      'replace',
      'yes',
      ...changeOptions,
    ],
    examples: [
      { command: 'qemu-binfmt register arm64,riscv64', does: 'by Docker’s names' },
      {
        command: 'qemu-binfmt register all --reset -p yes',
        does: 'as “docker run --privileged multiarch/qemu-user-static --reset -p yes” does it',
      },
      {
        command: 'qemu-binfmt register s390x --qemu-path /opt/qemu/bin --replace',
        does: 'another emulator in place of the present one',
      },
    ],
  },
  {
    name: 'unregister',
    summary: 'remove entries',
    description: [
      'Removes entries from the kernel. A target’s name stands for all entries that serve it. An entry that could not be put back is named before, and at a terminal you are asked.',
    ],
    operands: entries,
    options: ['yes', ...changeOptions],
    examples: [{ command: "qemu-binfmt unregister 'qemu-mips*'", does: 'all entries of these names' }],
  },
  {
    name: 'enable',
    summary: 'enable entries that are registered and disabled',
    description: ['Enables entries. For a target that several entries serve, one is enough.'],
    operands: { ...entries, completes: 'disabled' },
    options: changeOptions,
    examples: [{ command: 'qemu-binfmt enable aarch64', does: 'has arm64 programs run again' }],
  },
  {
    name: 'disable',
    summary: 'disable entries, keeping them registered',
    description: ['Disables entries; they stay registered.'],
    operands: { ...entries, completes: 'enabled' },
    options: changeOptions,
    examples: [{ command: 'qemu-binfmt disable jar', does: 'has the kernel no longer start .jar files' }],
  },
  {
    name: 'reset',
    summary: 'remove all of QEMU’s entries',
    description: [
      'Removes every entry whose name begins with “qemu-”, and no other. At a terminal you are asked before; anywhere else it is done.',
    ],
    operands: null,
    options: ['yes', ...changeOptions],
    examples: [
      {
        command: 'qemu-binfmt reset && qemu-binfmt register all --qemu-suffix -static --persistent yes',
        does: 'a fresh start, for a CI job',
      },
    ],
  },
  {
    name: 'switch',
    summary: 'switch binfmt_misc as a whole on or off',
    description: [
      'Switches the kernel’s own switch: while it is off no entry is used, and all stay registered.',
    ],
    operands: { name: 'on|off', required: true, many: false, completes: ['on', 'off'] },
    options: changeOptions,
    examples: [{ command: 'qemu-binfmt switch off', does: 'no registered format runs' }],
  },
  {
    name: 'mount',
    summary: 'mount binfmt_misc',
    description: [
      'Mounts binfmt_misc on /proc/sys/fs/binfmt_misc, and loads the kernel’s module for it before if need be.',
    ],
    operands: null,
    options: changeOptions,
    examples: [{ command: 'qemu-binfmt mount', does: 'in a container or on a system without systemd' }],
  },
  {
    name: 'verify',
    summary: 'prove that programs run',
    description: [
      'Has the kernel execute a tiny program of each target and says whether it ran. Without names it tries every target that is enabled. Nothing is changed and nothing is left behind.',
    ],
    operands: { name: 'TARGET', required: false, many: true, completes: 'enabled' },
    options: ['json', 'quiet'],
    examples: [
      {
        command: 'qemu-binfmt verify arm64 && docker build --platform linux/arm64 .',
        does: 'only if it will run',
      },
    ],
  },
  {
    name: 'explain',
    summary: 'say why a file runs or does not',
    description: [
      'Says what the kernel would do with a file and with each interpreter on the way, what every entry says to it, and which command mends it. The file is not started.',
    ],
    operands: { name: 'FILE', required: true, many: true, completes: 'files' },
    options: ['json', 'quiet'],
    examples: [{ command: 'qemu-binfmt explain ./hello-arm64', does: 'why “exec format error”' }],
  },
  {
    name: 'export',
    summary: 'write registrations for other machines and programs',
    description: [
      'Writes what is registered, all of it or what is named: as JSON that “import” reads, as .conf files of binfmt.d(5), as templates for update-binfmts(8), or as a script that registers the same without this program.',
      'With options of “register” it writes QEMU’s targets as they would be registered, as qemu-binfmt-conf.sh does it with --systemd and --debian: all but those that this machine runs itself, unless some are named. The variable HOST_ARCH says that it is for another machine. In a directory each gets a file of its own; files that are there and say something else are named before, and at a terminal you are asked.',
    ],
    operands: { name: 'NAME', required: false, many: true, completes: 'registered' },
    options: [
      'format',
      'output',
      'qemu-path',
      'qemu-suffix',
      'interpreter',
      'persistent',
      'credential',
      'preserve-argv0',
      'ignore-family',
      'yes',
      'quiet',
    ],
    examples: [
      { command: 'qemu-binfmt export > registrations.json', does: 'everything that is registered' },
      {
        command:
          'qemu-binfmt export --format conf --qemu-path /usr/bin --qemu-suffix -static -p yes -o /etc/binfmt.d/',
        does: 'what qemu-binfmt-conf.sh --systemd ALL writes',
      },
    ],
  },
  {
    name: 'import',
    summary: 'register what a file says',
    description: [
      'Reads a file of registrations, JSON or a .conf file of binfmt.d(5), and brings the registered entries to what it says; “-” is the standard input. What is registered and not in the file stays, unless --remove-others is given.',
    ],
    operands: { name: 'FILE', required: true, many: false, completes: 'files' },
    options: ['remove-others', 'yes', ...changeOptions],
    examples: [{ command: 'qemu-binfmt import registrations.json --dry-run', does: 'what it would change' }],
  },
  {
    name: 'keep',
    summary: 'have entries come back at boot',
    description: [
      'Writes a file of /etc/binfmt.d for each entry, so that it is registered as it is now whenever the machine starts; where binfmt-support alone does that, a file of its list in /var/lib/binfmts. Files that somebody else wrote are shown before they are changed.',
    ],
    operands: entries,
    options: ['yes', ...changeOptions],
    examples: [{ command: 'qemu-binfmt keep arm64', does: 'keeps what serves arm64 now' }],
  },
  {
    name: 'forget',
    summary: 'have entries not come back at boot',
    description: [
      'Removes or masks the files of binfmt.d(5) that register the entries when the machine starts, and takes them off binfmt-support’s list. What is registered now stays until then.',
    ],
    operands: entries,
    options: ['yes', ...changeOptions],
    examples: [{ command: 'qemu-binfmt forget arm64', does: 'lets a restart lose it' }],
  },
  {
    name: 'apply',
    summary: 'register now what is registered at boot',
    description: [
      'Brings the registered entries to what they will be after the next start of the machine. What nothing registers then stays, unless --remove-others is given.',
    ],
    operands: null,
    options: ['remove-others', 'yes', ...changeOptions],
    examples: [{ command: 'qemu-binfmt apply --dry-run', does: 'what a restart would change' }],
  },
  {
    name: 'install',
    summary: 'install QEMU’s emulators from the distribution',
    description: [
      'Installs the distribution’s package of QEMU’s user-mode emulators with apt, dnf, pacman, zypper or apk, after it has told which that is, how large it is and what it registers by itself. At a terminal you are asked before. Ctrl-C ends the fetching; what is being installed is seen through.',
      'Taking it back is the package manager’s matter: “undo” passes it over.',
    ],
    operands: null,
    options: ['yes', ...changeOptions],
    examples: [
      { command: 'sudo qemu-binfmt install', does: 'on a machine without QEMU' },
      {
        command: 'qemu-binfmt install --dry-run',
        does: 'which package, how large, and what root would execute',
      },
    ],
  },
  {
    name: 'get',
    summary: 'put emulators from an archive or a folder into /usr/local/bin',
    description: [
      'Takes QEMU’s user-mode emulators from a .deb, an .rpm, a tar archive (gzip, xz, zstd) or a folder, puts them into /usr/local/bin, all of them or none, and registers their targets. Nothing of the archive is run. Without a target it takes every emulator that is made for this machine and runs the programs of others, and of two for one target the static one.',
      'What is registered already stays so, and with flag F the kernel goes on running the emulator that it has opened; with --replace it is registered anew. “undo” puts back what was in /usr/local/bin, for the last three times.',
      'With --json it lists what the archive holds and changes nothing.',
    ],
    operands: { name: 'FILE', required: true, many: false, completes: 'files' },
    moreOperands: { name: 'TARGET', required: false, many: true, completes: 'targets' },
    options: ['register', 'replace', 'json', ...changeOptions],
    examples: [
      {
        command: 'qemu-binfmt get qemu-user-static_9.2_amd64.deb --dry-run',
        does: 'what is in a package of another release, and what would be done',
      },
      {
        command: 'sudo qemu-binfmt get build.tar.zst arm64 riscv64 --replace',
        does: 'emulators of your own in place of the present ones',
      },
    ],
  },
  {
    name: 'tarball',
    summary: 'pack emulators into tarballs',
    description: [
      'Packs each static emulator as qemu-TARGET-static.tar.gz and HOST_qemu-TARGET-static.tar.gz, as the release files of multiarch/qemu-user-static are called. The same emulator gives the same bytes. Without a name it packs all that are installed.',
    ],
    operands: { ...targets, required: false, completes: 'emulators' },
    options: ['output', 'json', 'quiet'],
    examples: [
      { command: 'qemu-binfmt tarball arm64 -o dist', does: 'two files in a directory that is there' },
    ],
  },
  {
    name: 'image',
    summary: 'make container images of emulators',
    description: [
      'Makes container images without a container engine: one for each target, which holds its static emulator; “register”, which registers the emulators that other containers bring along; and “latest”, which registers those it holds. The tags are those of multiarch/qemu-user-static. The same emulators give the same digests. Without a name it takes all emulators that are installed.',
      'The last two hold a static busybox of this machine.',
    ],
    operands: { ...targets, required: false, completes: 'emulators' },
    options: ['output', 'form', 'only', 'repository', 'json', 'quiet'],
    examples: [
      {
        command: 'qemu-binfmt image -o images.tar --form docker-archive && docker load --input images.tar',
        does: 'all of them for docker',
      },
      {
        command: 'qemu-binfmt image arm64 --only targets -o arm64.tar',
        does: 'one emulator and nothing else',
      },
    ],
  },
  {
    name: 'publish',
    summary: 'send images to a registry',
    description: [
      'Sends the images of an OCI layout, which “image --form oci-layout” makes, to a registry, through skopeo and with the login that docker, podman or skopeo keep. What the registry has is not sent again, so that publishing goes on where it was stopped. Tags that are other images there are replaced after you were asked at a terminal, or with --yes.',
    ],
    operands: { name: 'DIRECTORY', required: true, many: false, completes: 'files' },
    options: ['repository', 'dry-run', 'yes', 'json', 'quiet'],
    examples: [
      {
        command:
          'qemu-binfmt publish images --repository registry.example.org/team/qemu-user-static --dry-run',
        does: 'what is new, the same or different there',
      },
    ],
  },
  {
    name: 'changes',
    summary: 'list what was changed',
    description: ['Lists what you changed, here and in the window, the newest first.'],
    operands: null,
    options: ['json', 'quiet'],
    examples: [{ command: 'sudo qemu-binfmt changes', does: 'what root changed' }],
  },
  {
    name: 'undo',
    summary: 'take a change back',
    description: [
      'Takes back a change by its number in “changes”, or the last one that can be taken back. What others have changed since is left alone.',
    ],
    operands: { name: 'NUMBER', required: false, many: false, completes: [] },
    options: changeOptions,
    examples: [{ command: 'qemu-binfmt undo', does: 'takes back the last change' }],
  },
  {
    name: 'completion',
    summary: 'print the completions for a shell',
    description: ['Prints what makes a shell complete verbs, options, targets and present entries.'],
    operands: { name: 'SHELL', required: true, many: false, completes: ['bash', 'zsh', 'fish'] },
    options: [],
    examples: [
      { command: 'source <(qemu-binfmt completion bash)', does: 'for this bash' },
      {
        command: 'qemu-binfmt completion fish > ~/.config/fish/completions/qemu-binfmt.fish',
        does: 'for every fish',
      },
    ],
  },
] as const satisfies readonly Verb[];

export type VerbName = (typeof verbs)[number]['name'];
