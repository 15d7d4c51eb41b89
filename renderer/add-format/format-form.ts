import type { FormatCheck, FormatFields, Preview, Sample } from '../../electron/ipc/contract.ts';
import type { ShownResult } from '../store.ts';

/** A format that a person is describing. */
export interface AddingFormat {
  readonly fields: FormatFields;
  /** The fields that a person has typed in: what is wrong with the others is said when they want to register. */
  readonly touched: ReadonlySet<keyof FormatFields>;
  readonly sample: ChosenSample | null;
  /** Why the last file could not be taken for a sample, as a sentence. */
  readonly sampleProblem: string | null;
  /** Null until it is known. */
  readonly check: FormatCheck | null;
  /** Null until it is known, and when nothing would run. */
  readonly whatWillRun: Preview | null;
  /** Why the last try did not work. */
  readonly failure: ShownResult | null;
}

/** A file of the format, and which of its bytes are the magic. */
export interface ChosenSample extends Sample {
  readonly from: number;
  readonly count: number;
}

export const emptyFields: FormatFields = {
  name: '',
  type: 'magic',
  offset: '0',
  magic: '',
  mask: '',
  extension: '',
  interpreter: '',
  flags: '',
};

/** The sample with as many bytes as tell most formats: of an ELF file up to the CPU it is for. */
export function beginWith(sample: Sample): ChosenSample {
  const usual = sample.bytes.startsWith('7f454c46') ? 20 : 4;
  return { ...sample, from: 0, count: Math.min(usual, lengthOf(sample)) };
}

/** How many bytes of the sample are known. */
export const lengthOf = ({ bytes }: Sample): number => bytes.length / 2;

/** The fields that make these bytes of the sample the magic. */
export const fieldsFrom = ({ bytes, from, count }: ChosenSample): Partial<FormatFields> => ({
  offset: String(from),
  magic: (bytes.slice(2 * from, 2 * (from + count)).match(/../g) ?? []).join(' '),
  // The one before was as long as the magic before.
  mask: '',
});

/** What follows the last dot of a path, without it; nothing where there is none. */
export const extensionOf = (path: string): string => /[^/]\.([^./]+)$/.exec(path)?.[1] ?? '';

/** The letters of a format's flags, in the order of qemu-binfmt-conf.sh; C is nothing without O. */
export function withFlag(flags: string, flag: string, isSet: boolean): string {
  const set = new Set(flags);
  const changed = flag === 'C' && isSet ? 'OC' : flag === 'O' && !isSet ? 'OC' : flag;
  for (const letter of changed) {
    if (isSet) set.add(letter);
    else set.delete(letter);
  }
  return [...'OCFP'].filter((letter) => set.has(letter)).join('');
}
