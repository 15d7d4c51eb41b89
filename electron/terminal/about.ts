import { productName } from '../../package.json';

/** What the command is, in a line. */
export const SUMMARY = 'show and change which programs Linux hands to QEMU';

export const USAGE = 'qemu-binfmt [VERB] [NAME…] [OPTION…]';

/** What names mean, wherever they are asked for. */
export const NAMES = [
  'A TARGET is a CPU, by QEMU’s name (aarch64), Docker’s (arm64, arm/v7, linux/s390x) or Debian’s (armhf, ppc64el).',
  "A NAME is a target, a registered entry (qemu-aarch64, jar) or a pattern of entries in quotes ('qemu-*'). Several stand side by side or with commas between them. A backslash makes the character behind it mean itself.",
];

export const EXIT_STATUS: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'All was done.'],
  ['1', 'Something was not; stderr says why, in a line each.'],
  ['2', 'The command line makes no sense.'],
];

/** The environment variables that count. */
export const VARIABLES: readonly (readonly [name: string, meaning: string])[] = [
  ['NO_COLOR', 'If it is set, nothing has colours. They are for terminals only.'],
  ['FORCE_COLOR', 'If it is set, there are colours where there is no terminal, too.'],
  [
    'HOST_ARCH',
    'The machine for which “export” writes targets, as “uname -m” names it there; that of qemu-binfmt-conf.sh.',
  ],
  [
    'QEMU_LD_PREFIX',
    'Where “explain” looks for the loader that a program for another CPU needs, as QEMU does.',
  ],
  [
    'SOURCE_DATE_EPOCH',
    'The time, in seconds since 1970, that tarballs and images get instead of their emulators’ own.',
  ],
  ['XDG_CONFIG_HOME', 'Where the files below are, in place of ~/.config.'],
];

/** The files that are read and written. */
export const FILES: readonly (readonly [path: string, meaning: string])[] = [
  ['/proc/sys/fs/binfmt_misc', 'The kernel’s entries.'],
  ['/etc/binfmt.d', 'Where “keep” writes what is to be registered at boot.'],
  [
    '/var/lib/binfmts',
    'Where it writes instead on systems on which binfmt-support alone registers anything.',
  ],
  ['/usr/local/bin', 'Where “get” puts emulators.'],
  ['/var/lib/qemu-binfmt-manager/replaced', 'What they replaced there, for “undo”.'],
  [`~/.config/${productName}/changes.jsonl`, 'What was changed, here and in the window.'],
  [`~/.config/${productName}/qemu-versions.json`, 'QEMU’s versions, so that no emulator is read twice.'],
];

export const SEE_ALSO: readonly (readonly [name: string, section: number])[] = [
  ['qemu', 1],
  ['binfmt.d', 5],
  ['systemd-binfmt.service', 8],
  ['update-binfmts', 8],
];
