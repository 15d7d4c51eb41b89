import { bytesOfHex } from '../../electron/ipc/contract.ts';
import type { ChosenSample } from './format-form.ts';

const BYTES_A_ROW = 16;

/** The bytes of a sample, those that are the magic standing out. */
export function SampleBytes({ sample: { bytes, from, count } }: { readonly sample: ChosenSample }) {
  const all = bytesOfHex(bytes);
  return (
    // Scrollable, so it must be reachable from the keyboard.
    <section
      className="sample-bytes"
      aria-label={`The first ${all.length} bytes`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
      tabIndex={0}
    >
      {Array.from(all, (byte, position) => (
        <SampleByte
          // biome-ignore lint/suspicious/noArrayIndexKey: a byte is its position.
          key={position}
          byte={byte}
          position={position}
          isTaken={position >= from && position < from + count}
        />
      ))}
    </section>
  );
}

function SampleByte({
  byte,
  position,
  isTaken,
}: {
  readonly byte: number;
  readonly position: number;
  readonly isTaken: boolean;
}) {
  const isText = byte > 0x20 && byte < 0x7f;
  return (
    <>
      {position % BYTES_A_ROW === 0 && <span className="byte-offset">{hexByte(position)}</span>}
      <span className={isTaken ? 'byte byte-taken' : 'byte'}>
        {hexByte(byte)}
        <i aria-hidden>{isText ? String.fromCharCode(byte) : '·'}</i>
      </span>
    </>
  );
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
