import { MagicBytes } from '../inspector/magic-grid.tsx';
import { FormatField } from './format-field.tsx';
import type { AddingFormat } from './format-form.ts';

/** The bytes that the kernel looks for, where it does, and which of their bits count. */
export function MagicPart({ adding }: { readonly adding: AddingFormat }) {
  const registration = adding.check?.registration;
  return (
    <>
      <div className="format-magic">
        <FormatField
          adding={adding}
          field="magic"
          label="Magic"
          placeholder="00 61 73 6d"
          note="Hex digits, or text with escapes: \x00asm"
        />
        <FormatField
          adding={adding}
          field="offset"
          label="Offset"
          placeholder="0"
          note="In bytes, from the start"
        />
      </div>
      <FormatField
        adding={adding}
        field="mask"
        label="Mask"
        placeholder="Every bit counts"
        note="As many bytes as the magic; a bit that is 0 may be anything"
      />
      {registration?.kind === 'magic' && (
        <section className="form-section" aria-label="Magic over mask">
          <MagicBytes {...registration} />
        </section>
      )}
    </>
  );
}
