import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { confFilesOf } from '../../electron/binfmt/exchange/conf.ts';
import type { ExportedFile } from '../../electron/binfmt/exchange/exported.ts';
import { templateFilesOf } from '../../electron/binfmt/exchange/template.ts';
import { type RegisterOptions, registrationWith } from '../../electron/binfmt/register-options.ts';
import { targets } from '../../electron/binfmt/targets.ts';
import { exportContents } from '../../electron/export-contents.ts';
import { exampleRow, exampleSnapshot, theTarget } from '../support/example-data.ts';

/**
 * What `scripts/qemu-binfmt-conf.sh` of QEMU 10.0.13 wrote, which is the same file in 10.2.2 and 11.0.3, run once
 * for each set of options. No package of Debian ships it.
 *
 *   HOST_ARCH=x86_64 sh qemu-binfmt-conf.sh --systemd ALL --exportdir DIR OPTIONS…
 *   HOST_ARCH=x86_64 sh qemu-binfmt-conf.sh --debian --exportdir DIR OPTIONS…
 *
 * as SHA-256 of the names and texts of its files:
 *
 *   for f in $(LC_ALL=C ls | grep -vxE 'qemu-microblaze(\.conf)?'); do
 *     echo "$f"; cat "$f"
 *   done | sha256sum
 *
 * microblaze's magic is corrected here.
 */
interface Run {
  readonly options: string;
  readonly host: string;
  readonly systemd: string;
  readonly debian: string;
}

const runs: readonly Run[] = [
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'riscv64',
    systemd: '39d103cb167bf2db384aca9d766fb098ae6cb16da660fbff63dc6d8c7eca1064',
    debian: '4528a049610bd808dd7ded3b575f3fe8b8a8fadd88965faee61e1b4b6c9fe39a',
  },
  {
    options: '',
    host: 'x86_64',
    systemd: '753f73270eb8db92f2c002ca182d47e6ad83274053d9aeca6c6875f3eff51ec0',
    debian: '268b61baa934d8ef8ae97cd812b1d2ad093cb87d54163a02cee395af49d80e0f',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'x86_64',
    systemd: 'c1a25675c1681ae477f44da76e0fb0f4ec4b1c9f128d6c13aa4ae0e4f7ed2f68',
    debian: '0abf83f58b544febdb6b06dbaf74a04c5c919e7aa9f53bd7431bed43ff3422b0',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'aarch64',
    systemd: '5e664ecfac58d42ee45cafc301a5c0305e80baa595833fa92c313501cfde6a8b',
    debian: 'd520703a8ff62969c81fa46ed58e6312a1bedf6980d6656669b0df9ecde718de',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 's390x',
    systemd: '2fc65f8fa5b4ec8a55a7d43637029c17b0e9ac1d54517e2c053b2353ff11f812',
    debian: 'ca7542623616acebcd78b66dbd6edb249465bdfa774397aa257bb3d928f104c4',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'ppc64le',
    systemd: '1abbbbea815ac40019d03183033a47643ef239ece7afa9079ca1e80f7887f64e',
    debian: '2baffbd3efc67790b85f70566c96bef397ac583e383b33267885b34585714821',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'mips64',
    systemd: '1ccae45375967cc68103a7b31495e30dc10b588eacdbcfd77dccdd81d9a4e5de',
    debian: '3187733c1fee087485cf27860d3f8c02cdab3c90578cba0b8cd99bd8a28d0982',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'armv7l',
    systemd: '5e664ecfac58d42ee45cafc301a5c0305e80baa595833fa92c313501cfde6a8b',
    debian: 'd520703a8ff62969c81fa46ed58e6312a1bedf6980d6656669b0df9ecde718de',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'i686',
    systemd: 'c1a25675c1681ae477f44da76e0fb0f4ec4b1c9f128d6c13aa4ae0e4f7ed2f68',
    debian: '0abf83f58b544febdb6b06dbaf74a04c5c919e7aa9f53bd7431bed43ff3422b0',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'loongarch64',
    systemd: '5c407de3cb82336f0771e4c6d266c38e6233c5d217cb743827b8ada3e8af1061',
    debian: 'b038304c10d30e70a61ffaa711a4d5852dcc567f1fd2785374d5cb073d47251d',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'ppc64',
    systemd: 'b53f8e44b6972cff2f72d5198870bb31c2b1eee82278cfd752af96c91423de5f',
    debian: '97aa51f1a442829bcf14a614982e1fdcc9c2ff5a167d7edc17e1d3c705d8d35a',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'sparc64',
    systemd: 'beea9e601819723d39ad95ec1ce34898863f87551210964da9da3a8806c1563e',
    debian: '5e4b2879d3b0f51fcc395fafd0a2a44006db381dc04ed2e276426bada03bb266',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'armeb',
    systemd: 'f456836844b9997943d6a082525a1e2be142be3485b1da94ad8e35b62f7f7249',
    debian: '0f8f44ff634f218b58959a353feae4dac4bcf24522343649059c7235bd807d1b',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'm68k',
    systemd: 'dd7bd794f78fda31bb096cb721365c1dc0612560f7a8a9e963bf38459ad546c3',
    debian: 'bf1ef39f58fa15757e44ab6372d8b2cfdec4599f71ff8c5e1c9843cccdd7ed38',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --persistent yes',
    host: 'hppa',
    systemd: '47cf2f4fc37965a1d0183d1eaeee10ad879cc2f753a2354e1e925556816e89e6',
    debian: '4d5fd83a484fa826c159b43dd23c8a81a8377aeae80a331fbb3a71ba667a69ff',
  },
  {
    options: '--qemu-path /usr/bin --qemu-suffix -static --credential no --persistent no --preserve-argv0 no',
    host: 'x86_64',
    systemd: 'e4af630d960331e4937bb6755b67ee18f4ce3b7c741360f962569c42fe991984',
    debian: 'c46b0b544ebffe65d3a85ef32fc7a567b3c6885df57ddcc9f3b474500c93d2b0',
  },
  {
    options:
      '--qemu-path /usr/bin --qemu-suffix -static --credential no --persistent no --preserve-argv0 yes',
    host: 'x86_64',
    systemd: 'd9c695398ab41727e4539cf2159ab2830161f3f007733b20c713a7a42e8b9baf',
    debian: '0281badcd7294e6156483000b1d1f0ffdc2e88ed69c7583e3db19de26790f0c1',
  },
  {
    options:
      '--qemu-path /usr/bin --qemu-suffix -static --credential no --persistent yes --preserve-argv0 no',
    host: 'x86_64',
    systemd: 'c1a25675c1681ae477f44da76e0fb0f4ec4b1c9f128d6c13aa4ae0e4f7ed2f68',
    debian: '0abf83f58b544febdb6b06dbaf74a04c5c919e7aa9f53bd7431bed43ff3422b0',
  },
  {
    options:
      '--qemu-path /usr/bin --qemu-suffix -static --credential no --persistent yes --preserve-argv0 yes',
    host: 'x86_64',
    systemd: '4bc05cf6582ecc45d479335de8a73481baa69cdfd7fce7e6db891f6d66d1ab33',
    debian: '2b30e589384801a1662d34f211e9fdc2ed7b61eed324aeaa9c3fbcd8c4e3d480',
  },
  {
    options:
      '--qemu-path /usr/bin --qemu-suffix -static --credential yes --persistent no --preserve-argv0 no',
    host: 'x86_64',
    systemd: 'ca0e4122e80748bde8771403a1984ec27660b9c4c0daa820ec2ebf6441841b45',
    debian: 'b820ed340f9ef3f716920e549ae4693c62fbd3997369545598a797d6b235ba9c',
  },
  {
    options:
      '--qemu-path /usr/bin --qemu-suffix -static --credential yes --persistent no --preserve-argv0 yes',
    host: 'x86_64',
    systemd: '5f251d8c08c23e812133483f8df3caca2a1dc90dbb37a44b848f3d3e79557653',
    debian: 'ab84d1433ed31b3344d9db2752e23057c7e2ab9cb151815cce848849bd7fff24',
  },
  {
    options:
      '--qemu-path /usr/bin --qemu-suffix -static --credential yes --persistent yes --preserve-argv0 no',
    host: 'x86_64',
    systemd: '6010660c5bce0a9717019cce80db27d256a61042779b07ba2e9970abd793cf3a',
    debian: '124ab55c6ec077f586d41a8a368aa2910cdf6c12ef3264d69a51b64a06929ba9',
  },
  {
    options:
      '--qemu-path /usr/bin --qemu-suffix -static --credential yes --persistent yes --preserve-argv0 yes',
    host: 'x86_64',
    systemd: '29521643dcda97018840e14c22e05f04ec9dca1b367d1e9bc9f3fa05b122d0cf',
    debian: '16c35e3dca2f3ada628b3a4750d7482e76b8063c08af7b5c9a51f741c1d86717',
  },
  {
    options: '--qemu-path /usr/bin/',
    host: 'x86_64',
    systemd: 'cebd29d6f2d8d33d47d6d82a348f31f40e2ade665a960a5bca5e1a06cab69abd',
    debian: 'ff4cb73e418111987e648302c91b4dbbfa1773c8671aed9093c8b0c9882338bd',
  },
  {
    options: "--qemu-path '/opt/my qemu' --qemu-suffix '.v 10'",
    host: 'x86_64',
    systemd: 'dc28f7c99e7414d5ae29f05d1d6b1809e22e99e33837789945309c1ecd801bbf',
    debian: '37803a86e4674b54f02a4cb78fc097887ffdf79ae41dcca22ffb7c21fdb1ff2a',
  },
  {
    options: '--ignore-family yes',
    host: 'riscv64',
    systemd: '63bee2e773bfb92828a985b42aaa3b4ddb29d835887f99b77247627b5badbbc1',
    debian: '38cc4092628a8ff30dfa2d66736580a3c52b716983a8f484457288aae6fd35ea',
  },
  {
    options: '--ignore-family yes',
    host: 'x86_64',
    systemd: '3c0b65f2780bd9ea785a94b54532aee30f54f8646f3266b1c5687302ab12ddff',
    debian: 'd4c6d845121bea6f17c11fb44e4c0f57b8d398fc8dfa895fe1e001cc3aff4488',
  },
  {
    options: '--ignore-family yes',
    host: 'armv7l',
    systemd: 'fdf779adc8d659af7f00743f4a948a541abb3d629e1833ca5587e53d272f959f',
    debian: 'd10f250c9c72cd9f0a97e51c6eb4e97633a4eb9e0e881d99984f2e9c22acc81a',
  },
  {
    options: '--ignore-family yes',
    host: 'aarch64',
    systemd: '01e9e7b020ff7e090dd9c95d113430f5c39f0ec0037bd2fc3eb09a78017ee659',
    debian: '371d251132f1ed7112096ee78dc428fc7a0a1253f04e146598537a4f4f240d72',
  },
  {
    options: '--ignore-family yes',
    host: 'i686',
    systemd: '0cbae2bdf2a7ee82ac7fd6747967ca8f72993b3cee5b8ab48d9f84ea82767b88',
    debian: '2dcae3ea5d1a2fe18d4897c45f06bea06046efa69d6c67061715c0bd95ed3964',
  },
  {
    options: '--ignore-family yes',
    host: 'mips',
    systemd: '9471b1f961a2b73951843c299a1eda8f5ad28758d2c6c2f2998ff8aef1512dbb',
    debian: '40c1090c86d410f968489154348e2e6cfc53f007fe972c243d5ad4e4be3afb7c',
  },
];

/** The options of QEMU's script as ours; its defaults are none of these flags, and /usr/local/bin. */
function optionsOf(words: string): RegisterOptions {
  const given = (option: string): string | undefined =>
    new RegExp(`--${option} (?:'([^']*)'|(\\S+))`)
      .exec(words)
      ?.slice(1)
      .find((value) => value !== undefined);
  const isOn = (option: string): boolean => given(option) === 'yes';
  return {
    interpreter: {
      kind: 'directory',
      directory: given('qemu-path') ?? '/usr/local/bin',
      suffix: given('qemu-suffix') ?? '',
    },
    persistent: isOn('persistent'),
    credentials: isOn('credential'),
    preserveArgv0: isOn('preserve-argv0'),
  };
}

/** What this program writes for that machine, be it another one. */
function exportedFor({ options, host }: Run, format: 'conf-files' | 'templates'): readonly ExportedFile[] {
  const ownFamily = options.includes('--ignore-family yes');
  const subject = {
    kind: 'with-options',
    rows: 'all-targets',
    options: optionsOf(options),
    machine: host,
    ownFamily,
  } as const;
  const snapshot = exampleSnapshot({ targets: targets.map(({ name }) => exampleRow({ name })) });
  const { files, problem } = exportContents({ subject, format }, snapshot);
  expect(problem).toBeNull();
  return files;
}

function digestOf(files: readonly ExportedFile[]): string {
  const hash = createHash('sha256');
  const sorted = [...files].sort((one, other) => Buffer.from(one.name).compare(Buffer.from(other.name)));
  for (const { name, text } of sorted) {
    if (!/^qemu-microblaze(\.conf)?$/.test(name)) hash.update(`${name}\n${text}`);
  }
  return hash.digest('hex');
}

describe('what qemu-binfmt-conf.sh writes', () => {
  test.each(runs)('for systemd on $host with $options, byte for byte', (run) => {
    expect(digestOf(exportedFor(run, 'conf-files'))).toBe(run.systemd);
  });

  test.each(runs)('for binfmt-support on $host with $options, byte for byte', (run) => {
    expect(digestOf(exportedFor(run, 'templates'))).toBe(run.debian);
  });

  test('for microblaze, but for its magic', () => {
    const options = optionsOf('--persistent yes --credential yes');
    const registration = registrationWith(theTarget('microblaze'), '/usr/bin/qemu-microblaze', options);
    const magic = String.raw`\x7fELF\x01\x02\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\xba\xab`;
    const mask = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff`;
    expect(confFilesOf([{ registration, enabled: true }]).files).toEqual([
      {
        name: 'qemu-microblaze.conf',
        text: `:qemu-microblaze:M::${magic}:${mask}:/usr/bin/qemu-microblaze:OCF\n`,
      },
    ]);
    expect(templateFilesOf([{ registration, enabled: true }]).files).toEqual([
      {
        name: 'qemu-microblaze',
        text: [
          'package qemu-microblaze',
          'interpreter /usr/bin/qemu-microblaze',
          `magic ${magic}`,
          `mask ${mask}`,
          'credentials yes',
          'preserve no',
          'fix_binary yes',
          '',
        ].join('\n'),
      },
    ]);
  });
});
