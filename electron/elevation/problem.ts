/**
 * Why a script did not run as root: `dismissed` is somebody's decision and no error, `impossible` is a state
 * of the system. Both come with a sentence.
 */
export interface ElevationProblem {
  readonly kind: 'dismissed' | 'impossible';
  readonly reason: string;
}

/** Somebody decided against it. */
export const dismissed: ElevationProblem = {
  kind: 'dismissed',
  reason: 'Nothing was changed: permission was not given.',
};

/** What keeps the program from becoming root here. */
export interface Obstacle {
  /** In a few words, behind `read-only: `. */
  readonly short: string;
  /** What is missing and what to do, in one or two sentences. */
  readonly reason: string;
}

/** Those that can be known before anybody is asked; of some pkexec itself has the last word. */
export const obstacles = {
  noPkexec: {
    short: 'no pkexec',
    reason:
      'pkexec is not installed, so nobody can be asked for the administrator’s password. ' +
      'Install the package polkit (policykit-1, pkexec), or start this program as root.',
  },
  notSetuid: {
    short: 'pkexec is not set-uid',
    reason:
      'pkexec cannot become root here: it is not set-uid root, as in most containers. ' +
      'Start this program on the host, or as root.',
  },
  mountedNosuid: {
    short: 'pkexec is mounted nosuid',
    reason:
      'pkexec cannot become root here: the file system it lies on is mounted with nosuid. ' +
      'Mount it without, or start this program as root.',
  },
  noNewPrivileges: {
    short: 'no_new_privs is set',
    reason:
      'This program was started in a way that forbids it ever to become root (no_new_privs, as containers and snaps do). ' +
      'Start it outside of them.',
  },
  noSystemBus: {
    short: 'no system bus',
    reason:
      'The system bus is not running, and without it polkit cannot ask for the password. ' +
      'Start it (systemctl start dbus), or start this program as root.',
  },
  mountedReadOnly: {
    short: 'binfmt_misc is mounted read-only',
    reason:
      'binfmt_misc is mounted read-only here, as in most containers, so not even root can change it. ' +
      'Start this program on the host itself.',
  },
} as const satisfies Readonly<Record<string, Obstacle>>;
