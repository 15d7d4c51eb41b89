import { chmodSync, copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { coverFile, type PutBack } from './polkit-mounts.ts';

const GZIP = '/bin/gzip';

/**
 * Stops root's script before its second operation for as long as a test wants. bash reads the script from a
 * pipe; gzip, which fills the pipe, is covered with one that pauses.
 */
export class HeldScript {
  private constructor(
    private readonly directory: string,
    private readonly putBack: PutBack,
  ) {}

  static hold(): HeldScript {
    const directory = mkdtempSync(path.join(tmpdir(), 'held-script-'));
    const pausing = path.join(directory, 'pausing-gzip');
    copyFileSync(GZIP, path.join(directory, 'gzip'));
    writeFileSync(
      pausing,
      `#!/bin/bash
script=$('${directory}/gzip' -d)
first=\${script%%carry_out 2 *}
printf %s "$first"
until [ -e '${directory}/go-on' ]; do sleep 0.05; done
printf '%s\\n' "\${script#"$first"}"
`,
    );
    chmodSync(pausing, 0o755);
    return new HeldScript(directory, coverFile(GZIP, pausing));
  }

  /** Lets the script go on, and later ones run through. */
  release(): void {
    writeFileSync(path.join(this.directory, 'go-on'), '');
    this.putBack();
  }
}
