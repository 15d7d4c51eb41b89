import { Button } from 'react-aria-components';
import { chooseFormatInterpreter } from '../actions/add-format.ts';
import { FormatField } from './format-field.tsx';
import type { AddingFormat } from './format-form.ts';

/** The program that the kernel starts, with the path of the file as its argument. */
export const InterpreterField = ({ adding }: { readonly adding: AddingFormat }) => (
  <div className="format-interpreter">
    <FormatField adding={adding} field="interpreter" label="Interpreter" placeholder="/usr/bin/wasmtime" />
    <Button className="button" onPress={() => void chooseFormatInterpreter()}>
      Choose…
    </Button>
  </div>
);
