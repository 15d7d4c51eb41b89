import type { BootFile, BootRule } from '../boot/boot-configuration.ts';
import { confFileNameFor } from '../boot/conf-file-name.ts';
import { bootOfEntry, differenceBetween } from '../boot/row-boot.ts';
import { readsBootFiles } from '../boot-changes.ts';
import { stateOfFile } from '../describe-row.ts';
import { registrationOf } from '../entry.ts';
import type { Registration } from '../register-line.ts';
import { entryNameOf, targets } from '../targets.ts';
import { about } from './about.ts';
import { type Action, keepAtBootAction, notAtBootAction } from './action.ts';
import type { Facts, FormatEntry } from './facts.ts';
import type { Finding, Severity } from './finding.ts';

/**
 * The next start of the machine makes something else of the entry. That nothing brings it back is no finding:
 * whoever registers something means the running system.
 */
export function differsAtBoot(entry: FormatEntry, facts: Facts): Finding | null {
  const { boot, entries } = facts.snapshot;
  const later = bootOfEntry(entry, { boot, entries, interpreterAt: (path) => facts.interpreterAt(path) });
  const now = registrationOf(entry);
  if (now === null) return null;
  if (later.kind === 'refused') {
    const isOther = differenceBetween(now, later.rule.registration) !== null;
    return about(entry, {
      id: 'boot-differs',
      severity: 'warning',
      sentence: `${later.rule.path} has it registered when the machine starts, in vain.`,
      detail: later.why,
      action: isOther ? keepAtBootAction(entry.name) : null,
    });
  }
  if (later.kind !== 'kept' || !later.service || later.differs === null) return null;
  const missing = missingThen(later.rule.registration, facts);
  const saysOtherwise = !entry.enabled || differenceBetween(now, later.rule.registration) !== null;
  return about(entry, {
    id: 'boot-differs',
    severity: severityOf(now, later.rule.registration, missing),
    sentence: saysOtherwise ? `${later.rule.path} says otherwise.` : later.differs,
    detail: [saysOtherwise ? later.differs : null, missing].filter((part) => part !== null).join(' '),
    action: actionFor(entry, now, later.rule),
  });
}

/** Whether programs that run now will not run then, or not in containers; the rest is good to know. */
const severityOf = (now: Registration, later: Registration, missing: string | null): Severity =>
  missing !== null || (now.flags.includes('F') && !later.flags.includes('F')) ? 'warning' : 'info';

function missingThen({ interpreter: path }: Registration, facts: Facts): string | null {
  const interpreter = facts.interpreterAt(path);
  const state = interpreter === null ? null : stateOfFile(interpreter.file);
  return state === null ? null : `${path} ${state}.`;
}

function actionFor({ name, enabled }: FormatEntry, now: Registration, rule: BootRule): Action | null {
  if (differenceBetween(now, rule.registration) !== null) {
    return keepAtBootAction(name);
  }
  // No file can say that an entry is disabled.
  return enabled ? null : notAtBootAction(name);
}

/** What is not registered now and will be: whoever removed it may believe it gone. */
export const comesBackAtBoot = ({ snapshot }: Facts): readonly Finding[] =>
  snapshot.targets.flatMap(({ name, boot }): readonly Finding[] => {
    if (boot?.kind !== 'comes-back') return [];
    const { path, registration } = boot.rule;
    return [
      {
        id: 'comes-back-at-boot',
        severity: 'info',
        subject: { kind: 'system' },
        target: name,
        sentence: 'It is not registered now, and will be after a restart.',
        detail: `${path} registers it when the machine starts.`,
        action: notAtBootAction(registration.name),
      },
    ];
  });

/** Lines that register nothing when the machine starts, a finding for each file. */
export function brokenBootFiles({ snapshot }: Facts): readonly Finding[] {
  const { boot, entries } = snapshot;
  if (!readsBootFiles(boot)) return [];
  return boot.files
    .filter(({ state, problems }) => state === 'used' && problems.length > 0)
    .map((file): Finding => {
      const owner = entries.find(({ name }) => isFileOf(name, file));
      const target = targets.find((one) => isFileOf(entryNameOf(one), file)) ?? null;
      return {
        id: 'boot-file-broken',
        severity: target === null ? 'info' : 'warning',
        subject: { kind: 'system' },
        ...(target === null ? {} : { target: target.name }),
        ...textFor(file),
        // It says what is registered now, in the place of what it says.
        action: owner === undefined || registrationOf(owner) === null ? null : keepAtBootAction(owner.name),
      };
    });
}

function textFor({ path, problems: [first, ...others] }: BootFile): Pick<Finding, 'sentence' | 'detail'> {
  if (first === undefined || first.line === 0) return { sentence: first?.sentence ?? '', detail: '' };
  const more = others.length === 0 ? '' : `${others.length} more of its lines are refused, too. `;
  return {
    sentence: `${path}, line ${first.line}, registers nothing when the machine starts: ${first.sentence}`,
    detail: `${more}Correct it.`,
  };
}

function isFileOf(name: string, file: BootFile): boolean {
  const own = confFileNameFor(name);
  return own.ok && own.value === file.name;
}
