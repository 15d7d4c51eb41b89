import { randomBytes } from 'node:crypto';
import { Problem } from '../../setup/problem.mjs';

/** Switches entries, each in its turn, so that every change changes something. */
export class Changes {
  /** @type {Map<string, boolean>} which are on, the one whose turn it is first */
  #states;

  /**
   * @param {import('../domain.mjs').Domain} domain
   * @param {readonly string[]} names of entries that are on
   */
  constructor(domain, names) {
    this.domain = domain;
    this.#states = new Map(names.map((name) => [name, true]));
  }

  /**
   * @param {number} count
   * @param {import('./workers.mjs').Worker} worker
   * @returns {Promise<number>} how long it took, in milliseconds
   */
  async carryOut(count, worker) {
    const { buildScript, parseEntry, parseReport, registry } = this.domain;
    const plan = Array.from({ length: count }, () => this.#next());
    const entries = [...this.#states.keys()].map((name) => parseEntry(name, registry.readEntry(name) ?? ''));
    const token = randomBytes(16).toString('hex');
    const { time, result } = await worker.run(buildScript(plan, token, entries));

    if (!result.ok) throw new Problem(result.problem.reason);
    const failed = parseReport(result.value, plan, token).find(({ status }) => status !== 'done');
    if (failed) throw new Error(`A change failed: ${JSON.stringify(failed)}`);
    for (const [name, isOn] of this.#states) {
      if (registry.readEntry(name)?.startsWith(isOn ? 'enabled\n' : 'disabled\n') !== true)
        throw new Error(`${name} is not what the script reported.`);
    }
    return time;
  }

  /** @returns {import('../../../electron/binfmt/operations.ts').Operation} */
  #next() {
    const [[name, isOn] = ['', false]] = this.#states;
    this.#states.delete(name);
    this.#states.set(name, !isOn);
    return { kind: isOn ? 'disable' : 'enable', name };
  }
}
