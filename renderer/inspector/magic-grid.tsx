import './magic-grid.css';
import {
  AS_IF_ELF,
  bytesOfHex,
  type ElfReading,
  meaningOf,
  readElfMagic,
} from '../../electron/ipc/contract.ts';
import { Section } from './section.tsx';

const BYTES_A_ROW = 8;
/** Of a field: beside its bytes stands what they mean. */
const FIELD_BYTES_A_ROW = 4;

interface MagicGridProps {
  readonly magic: string;
  readonly mask: string | null;
  readonly offset: number;
}

/** Magic over mask, byte by byte, as a part of the inspector. */
export const MagicGrid = (props: MagicGridProps) => (
  <Section title={`Magic${props.mask === null ? '' : ' over mask'}, from offset ${props.offset}`}>
    <MagicBytes {...props} />
  </Section>
);

/** Magic over mask, byte by byte: by the fields of the ELF header they lie over, where there is one. */
export function MagicBytes({ magic, mask, offset }: MagicGridProps) {
  const magicBytes = bytesOfHex(magic);
  const maskBytes = mask === null ? null : bytesOfHex(mask);
  const reading = readElfMagic(magicBytes, maskBytes, offset);
  const bytes = Array.from(magicBytes, (byte, index) => ({
    position: offset + index,
    magic: byte,
    mask: maskBytes?.[index] ?? null,
  }));
  return (
    <div className="magic">
      <span
        className="visually-hidden"
        role="img"
        aria-label={`Magic ${spaced(magic)}${mask === null ? ', every bit counts' : `; mask ${spaced(mask)}`}`}
      />
      {reading === null ? <Bytes bytes={bytes} /> : <Fields reading={reading} bytes={bytes} />}
    </div>
  );
}

interface MagicByte {
  readonly position: number;
  readonly magic: number;
  readonly mask: number | null;
}

function Fields({
  reading: { fields, asksForElf },
  bytes,
}: {
  readonly reading: ElfReading;
  readonly bytes: readonly MagicByte[];
}) {
  const last = fields.at(-1);
  const end = last === undefined ? 0 : last.from + last.size;
  const rest = bytes.filter(({ position }) => position >= end);
  return (
    <>
      {!asksForElf && <p className="muted">{AS_IF_ELF}</p>}
      <ul className="magic-fields">
        {fields.map((reading) => (
          <li key={reading.field.name}>
            <Bytes isField bytes={bytes.filter(({ position }) => isWithin(reading, position))} />
            <div>
              <code>{reading.field.name}</code>
              <p>{meaningOf(reading)}</p>
            </div>
          </li>
        ))}
      </ul>
      {rest.length > 0 && (
        <>
          <p className="muted">Behind what can be told of the header</p>
          <Bytes bytes={rest} />
        </>
      )}
    </>
  );
}

/** Bytes in rows of eight, those of a field in narrower ones. */
function Bytes({
  bytes,
  isField = false,
}: {
  readonly bytes: readonly MagicByte[];
  readonly isField?: boolean;
}) {
  const perRow = isField ? FIELD_BYTES_A_ROW : BYTES_A_ROW;
  return (
    // Its label says them all.
    <div className={isField ? 'bytes bytes-of-field' : 'bytes'} aria-hidden>
      {bytes.map((byte, index) => (
        <ByteCell key={byte.position} byte={byte} isFirst={index % perRow === 0} />
      ))}
    </div>
  );
}

function ByteCell({
  byte: { position, magic, mask },
  isFirst,
}: {
  readonly byte: MagicByte;
  readonly isFirst: boolean;
}) {
  return (
    <>
      {isFirst && <span className="byte-offset">{hexByte(position)}</span>}
      <span className={`byte ${mask === 0 ? 'byte-free' : ''}`}>
        {hexByte(magic)}
        {mask !== null && (
          <i className={mask === 0 || mask === 0xff ? '' : 'mask-in-part'}>{hexByte(mask)}</i>
        )}
      </span>
    </>
  );
}

const isWithin = ({ from, size }: ElfReading['fields'][number], position: number): boolean =>
  position >= from && position < from + size;
const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
const spaced = (hex: string): string => (hex.match(/../g) ?? []).join(' ');
