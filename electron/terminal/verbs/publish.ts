import path from 'node:path';
import { formatSize } from '../../binfmt/format-size.ts';
import { type Comparison, Publisher } from '../../giving/publisher.ts';
import { mayReplace } from '../../images/planned-tag.ts';
import type { PublishProgress } from '../../images/publish.ts';
import { explainNoRepository, parseRepository } from '../../images/repository-name.ts';
import { interruptible } from '../give.ts';
import type { Terminal } from '../terminal.ts';
import { type Call, DONE, type ExitStatus, FAILED, MISUSED } from '../verb.ts';

/** `publish`: sends the images of a layout to a registry, what is new there and what may be replaced. */
export async function run({ words, options, terminal }: Call): Promise<ExitStatus> {
  const { repository } = options;
  if (typeof repository !== 'string' || parseRepository(repository) === null) {
    const isNamed = typeof repository === 'string';
    terminal.complain(isNamed ? explainNoRepository(repository) : 'Name the registry with --repository.');
    return MISUSED;
  }
  const layout = path.resolve(words[0] ?? '');
  const publisher = new Publisher();
  const report = ({ tag, done, total, bytes }: PublishProgress): void => {
    const size = bytes === null ? '' : `, ${formatSize(bytes.sent)} of ${formatSize(bytes.total)}`;
    terminal.progress(`${done} of ${total}${size} ${tag}`);
  };

  const compared = await interruptible((signal) => publisher.compare(layout, repository, report, signal));
  terminal.progress(null);
  if (compared.kind !== 'compared') {
    terminal.complain(compared.kind === 'failed' ? compared.reason : 'Stopped: nothing was sent.');
    return FAILED;
  }
  const { comparison } = compared;
  if (options['dry-run'] !== undefined) {
    if (options.json !== undefined) terminal.print(`${JSON.stringify(comparison, null, 2)}\n`);
    else for (const { state, tag, digest } of comparison.tags) terminal.print(`${state} ${tag} ${digest}\n`);
    return DONE;
  }
  const replace = options.yes !== undefined || (await asksToReplace(comparison, terminal));
  if (replace === null) return FAILED;

  const published = await interruptible((signal) => publisher.publish(replace, report, signal));
  terminal.progress(null);
  if (published.kind === 'failed') {
    terminal.complain(published.reason);
    return FAILED;
  }
  if (options.json !== undefined) terminal.print(`${JSON.stringify(published, null, 2)}\n`);
  else for (const tag of published.sent) terminal.say(`Sent ${tag}`);
  if (published.kind === 'interrupted') {
    terminal.complain(published.reason);
    return FAILED;
  }
  if (options.json === undefined) terminal.say(summaryOf(published.sent.length, published.comparison));
  return DONE;
}

/** Whether tags that are other images at the registry are replaced; null when nobody can be asked. */
async function asksToReplace({ tags, repository }: Comparison, terminal: Terminal): Promise<boolean | null> {
  const asked = tags.filter(mayReplace);
  if (asked.length === 0) return false;
  const names = asked.map(({ tag }) => tag).join(', ');
  if (terminal.canAsk) {
    return terminal.confirm(`Replace what ${repository} has under other digests: ${names}?`);
  }
  const has = asked.some(({ state }) => state === 'unknown') ? 'may have' : 'has';
  terminal.complain(
    `${repository} ${has} other images under these tags: ${names}. To replace them, add --yes.`,
  );
  return null;
}

function summaryOf(sent: number, { repository, tags }: Comparison): string {
  const same = tags.filter(({ state }) => state === 'same').length - sent;
  const tagsSent = sent === 1 ? '1 tag' : `${sent} tags`;
  return `Published ${tagsSent} to ${repository}${same > 0 ? `; ${same} were there already` : ''}.`;
}
