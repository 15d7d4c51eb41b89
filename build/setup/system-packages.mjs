import { getuid } from 'node:process';
import { aptInstall, aptNames } from './apt.mjs';
import { findProgram } from './programs.mjs';
import { say } from './progress.mjs';

/**
 * What each package manager calls what we need: the libraries that Electron is linked with, and for tests a
 * display and polkit. On newer Debian and Ubuntu some names end in t64; apt.mjs takes those that apt knows.
 */
const managers = [
  {
    program: 'apt-get',
    install: ['apt-get', 'install', '--no-install-recommends'],
    libraries: 'libgtk-3-0 libnss3 libasound2 libgbm1 libxss1 libatk-bridge2.0-0 libdrm2 libxkbcommon0'.split(
      ' ',
    ),
    display: ['xvfb', 'xauth'],
    elevation: ['pkexec', 'polkitd', 'dbus', 'sudo', 'iproute2'],
  },
  {
    program: 'dnf',
    install: ['dnf', 'install'],
    libraries: 'gtk3 nss alsa-lib mesa-libgbm libXScrnSaver at-spi2-atk libdrm libxkbcommon'.split(' '),
    display: ['xorg-x11-server-Xvfb', 'xorg-x11-xauth'],
    elevation: ['polkit', 'dbus-daemon', 'dbus-tools', 'sudo', 'iproute'],
  },
  {
    program: 'pacman',
    install: ['pacman', '-S', '--needed'],
    libraries: 'gtk3 nss alsa-lib mesa libxss at-spi2-core libdrm libxkbcommon'.split(' '),
    display: ['xorg-server-xvfb', 'xorg-xauth'],
    elevation: ['polkit', 'dbus', 'sudo', 'iproute2'],
  },
  {
    program: 'zypper',
    install: ['zypper', 'install'],
    libraries:
      'libgtk-3-0 mozilla-nss libasound2 libgbm1 libXss1 libatk-bridge-2_0-0 libdrm2 libxkbcommon0'.split(
        ' ',
      ),
    display: ['xorg-x11-server-Xvfb', 'xauth'],
    elevation: ['polkit', 'pkexec', 'dbus-1', 'sudo', 'iproute2'],
  },
];

/**
 * Installs system packages as root on an apt system; elsewhere says the one command that does.
 *
 * @param {'libraries' | 'display' | 'elevation'} purpose
 * @returns {Promise<boolean>} whether they are installed now
 */
export async function installSystemPackages(purpose) {
  const manager = managers.find(({ program }) => findProgram(program));
  if (!manager) {
    say('No known package manager was found: install what is named above in the way of this system.');
    return false;
  }
  const isRoot = getuid?.() === 0;
  if (isRoot && manager.program === 'apt-get') return await aptInstall(manager[purpose]);
  const known = manager.program === 'apt-get' ? await aptNames(manager[purpose]) : [];
  const names = known.length > 0 ? known : manager[purpose];
  say(`To install it: ${[...(isRoot ? [] : ['sudo']), ...manager.install, ...names].join(' ')}`);
  return false;
}
