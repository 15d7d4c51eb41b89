import { describe, expect, test } from 'vitest';
import { installCommandFor, readHost } from '../../electron/binfmt/host.ts';

const DEBIAN = 'sudo apt install qemu-user-static';
const SUSE = 'sudo zypper install qemu-linux-user';

describe('the command that installs QEMU', () => {
  test.each([
    ['Debian', 'NAME="Debian GNU/Linux"\nID=debian\n', DEBIAN],
    ['Ubuntu', 'ID=ubuntu\nID_LIKE=debian\n', DEBIAN],
    ['Mint', "ID=linuxmint\nID_LIKE='ubuntu debian'\n", DEBIAN],
    ['Fedora', 'ID=fedora\n', 'sudo dnf install qemu-user-static'],
    ['CentOS', 'ID="centos"\nID_LIKE="rhel fedora"\n', 'sudo dnf install qemu-user-static'],
    ['Arch', 'ID=arch\n', 'sudo pacman -S qemu-user-static qemu-user-static-binfmt'],
    ['Manjaro', 'ID=manjaro\nID_LIKE=arch\n', 'sudo pacman -S qemu-user-static qemu-user-static-binfmt'],
    ['Tumbleweed', 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', SUSE],
    ['SUSE Linux Enterprise', 'ID="sles"\n', SUSE],
    ['Alpine', 'ID=alpine\n', 'sudo apk add qemu-aarch64 qemu-arm qemu-riscv64'],
  ])('is known on %s', (_name, osRelease, command) => {
    expect(installCommandFor(osRelease, 'i386')).toBe(command);
  });

  test('leaves out on Alpine what the machine runs itself', () => {
    expect(installCommandFor('ID=alpine\n', 'arm')).toBe('sudo apk add qemu-riscv64 qemu-x86_64');
  });

  test.each([
    ['an unknown distribution', 'ID=plan9\nID_LIKE=inferno\n'],
    ['a name that only begins alike', 'ID=archaic\nVERSION_ID=debian\n'],
    ['nothing', ''],
  ])('is not made up for %s', (_what, osRelease) => {
    expect(installCommandFor(osRelease, 'i386')).toBeNull();
  });
});

describe('this host', () => {
  test('has a machine, a family and a kernel', () => {
    const { machine, family, kernelRelease } = readHost();
    expect(machine).toMatch(/^\w+$/);
    expect(family).toMatch(/^\w+$/);
    expect(kernelRelease).toMatch(/^\d+\.\d+/);
  });
});
