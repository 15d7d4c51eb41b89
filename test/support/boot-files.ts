import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
  BootConfiguration,
  BootFile,
  BootService,
} from '../../electron/binfmt/boot/boot-configuration.ts';
import { BootReader } from '../../electron/binfmt/boot/boot-reader.ts';
import { encodeBytes } from '../../electron/binfmt/bytes.ts';

/** A root directory with the files of a machine that has something to do with boot. Paths and texts are strings of bytes. */
export class BootFiles {
  readonly root = mkdtempSync(path.join(tmpdir(), 'qemu-binfmt-manager-boot-'));

  write(file: string, text = ''): this {
    writeFileSync(this.placeOf(file), encodeBytes(text));
    return this;
  }

  link(file: string, target: string): this {
    symlinkSync(encodeBytes(target), this.placeOf(file));
    return this;
  }

  makeDirectory(directory: string): this {
    mkdirSync(this.placeOf(`${directory}/.`), { recursive: true });
    return this;
  }

  /** Sets the machine up so that these services run when it starts. */
  withServices(...services: readonly BootService[]): this {
    const isOpenRc = services.includes('openrc');
    this.makeDirectory(isOpenRc ? '/run/openrc' : '/run/systemd/system');
    for (const service of services) {
      const name = service === 'openrc' ? 'binfmt' : service;
      if (isOpenRc) {
        this.write(`/etc/init.d/${name}`, '#!/sbin/openrc-run\n');
        this.link(`/etc/runlevels/boot/${name}`, `/etc/init.d/${name}`);
      } else {
        const target = service === 'systemd-binfmt' ? 'sysinit' : 'multi-user';
        this.write(`/usr/lib/systemd/system/${name}.service`, '[Service]\nType=oneshot\n');
        this.link(`/usr/lib/systemd/system/${target}.target.wants/${name}.service`, `../${name}.service`);
      }
    }
    return this;
  }

  read(): Promise<BootConfiguration> {
    return new BootReader(this.root).read();
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  /** Where it is, with the directories above it made. */
  placeOf(file: string): Buffer {
    const place = encodeBytes(`${this.root}${file}`);
    mkdirSync(place.subarray(0, place.lastIndexOf('/')), { recursive: true });
    return place;
  }
}

/** The file of that path; throws where there is none. */
export function fileOf({ files }: BootConfiguration, wanted: string): BootFile {
  const file = files.find((one) => one.path === wanted);
  if (file === undefined) throw new RangeError(`There is no ${wanted}.`);
  return file;
}

/** The sentences of a file's problems. */
export const problemsOf = (file: BootFile): readonly string[] =>
  file.problems.map(({ line, sentence }) => `${line}: ${sentence}`);
