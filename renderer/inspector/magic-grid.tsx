import './magic-grid.css';
import { bytesOfHex, type FieldReading, readElfMagic } from '../../electron/ipc/contract.ts';
import { Section } from './section.tsx';

const BYTES_A_ROW = 8;

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

/** Magic over mask, byte by byte, with the fields of the ELF header they lie over. */
export function MagicBytes({ magic, mask, offset }: MagicGridProps) {
  const magicBytes = bytesOfHex(magic);
  const maskBytes = mask === null ? null : bytesOfHex(mask);
  const readings = readElfMagic(magicBytes, maskBytes, offset);
  const told = (readings ?? []).filter((reading) => reading.field.name in fieldColours);
  return (
    <>
      <div
        className="magic-grid"
        role="img"
        aria-label={`Magic ${spaced(magic)}${mask === null ? ', every bit counts' : `; mask ${spaced(mask)}`}`}
      >
        {Array.from(magicBytes, (byte, index) => (
          <ByteCell
            // biome-ignore lint/suspicious/noArrayIndexKey: a byte is its position.
            key={`${offset + index}`}
            position={offset + index}
            isFirst={index % BYTES_A_ROW === 0}
            magic={byte}
            mask={maskBytes?.[index] ?? null}
            field={told.find((reading) => covers(reading, offset + index))?.field.name}
          />
        ))}
      </div>
      {told.length > 0 && <FieldList readings={told} />}
    </>
  );
}

function ByteCell({
  position,
  isFirst,
  magic,
  mask,
  field,
}: {
  readonly position: number;
  readonly isFirst: boolean;
  readonly magic: number;
  readonly mask: number | null;
  readonly field: string | undefined;
}) {
  const className = ['byte', mask === 0 && 'byte-free', field !== undefined && fieldColours[field]];
  return (
    <>
      {isFirst && <span className="byte-offset">{hexByte(position)}</span>}
      <span className={className.filter(Boolean).join(' ')}>
        {hexByte(magic)}
        {mask !== null && <i>{hexByte(mask)}</i>}
      </span>
    </>
  );
}

function FieldList({ readings }: { readonly readings: readonly FieldReading[] }) {
  return (
    <ul className="fields">
      {readings.map(({ field, meaning }) => (
        <li key={field.name}>
          <span className={`field-mark ${fieldColours[field.name] ?? ''}`} />
          <code>{rangeOf(field.offset, field.size)}</code>
          <code>{field.name}</code>
          <span>{meaning}</span>
        </li>
      ))}
    </ul>
  );
}

/** The fields that tell one target from another, each with its colour. */
const fieldColours: Readonly<Record<string, string>> = {
  EI_MAG: 'field-magic',
  EI_CLASS: 'field-class',
  EI_DATA: 'field-order',
  EI_OSABI: 'field-abi',
  e_type: 'field-type',
  e_machine: 'field-machine',
  e_flags: 'field-flags',
};

const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
const spaced = (hex: string): string => (hex.match(/../g) ?? []).join(' ');
const covers = ({ field }: FieldReading, position: number): boolean =>
  position >= field.offset && position < field.offset + field.size;
const rangeOf = (offset: number, size: number): string =>
  size === 1 ? hexByte(offset) : `${hexByte(offset)}–${hexByte(offset + size - 1)}`;
