import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatRegisterLine } from '../../electron/binfmt/register-line.ts';
import { registrationOfTarget } from './example-data.ts';
import { writeExecutable } from './interpreters.ts';
import { register } from './registry.ts';

/** An interpreter that starts another program and does not end, as an emulator may that waits for something. */
export class HangingInterpreter {
  private readonly list: string;

  /** Registers the target with it; it needs a directory. */
  constructor(target: string, directory: string) {
    this.list = path.join(directory, 'processes');
    const script = `#!/bin/sh\nsleep 77 &\necho $$ $! > ${this.list}\nexec sleep 77\n`;
    const interpreter = writeExecutable(path.join(directory, 'hanging'), Buffer.from(script));
    const line = formatRegisterLine(registrationOfTarget(target, { interpreter, flags: '' }));
    if (!line.ok) throw new Error(line.problem);
    register(line.value);
  }

  /** Whether it and what it started were seen to run. */
  get hasStarted(): boolean {
    return this.processes.length === 2;
  }

  /** Those of its processes that run still. */
  get running(): readonly string[] {
    return this.processes.filter(isRunning);
  }

  private get processes(): readonly string[] {
    return existsSync(this.list) ? (readFileSync(this.list, 'utf8').match(/\d+/g) ?? []) : [];
  }
}

/** A killed process may wait for its new parent to take note. */
export function isRunning(processId: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}
