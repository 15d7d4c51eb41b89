import {
  changeOptions,
  closeRegisterOptions,
  existingOf,
  registerWithOptions,
  targetsToRegister,
} from '../actions/register-options.ts';
import { type RegisteringWithOptions, useStore } from '../store.ts';
import { ChangeButtons } from '../widgets/change-buttons.tsx';
import { FormDialog } from '../widgets/form-dialog.tsx';
import { WhatWillRun } from '../widgets/what-will-run.tsx';
import { ExistingChoice, NameOfOne, PresentOfOne } from './existing-choice.tsx';
import { FlagChoices } from './flag-choices.tsx';
import { InterpreterChoice } from './interpreter-choice.tsx';
import { OwnFamilyChoice } from './own-family-choice.tsx';
import { RegisterLines } from './register-lines.tsx';

/** How targets are to be registered, and the lines the kernel would get for them. */
export default function RegisterOptionsDialog() {
  const registering = useStore((store) => store.registering);
  return registering !== null && <OptionsForm registering={registering} />;
}

function OptionsForm({ registering }: { readonly registering: RegisteringWithOptions }) {
  const { targets, form, preview, whatWillRun, failure } = registering;
  const flags = preview.targets.filter(({ line }) => line !== null).map((one) => one.flags);
  return (
    <FormDialog
      title={<>Register {targets.length === 1 ? targets[0] : `${targets.length} targets`} with options</>}
      failure={failure}
      buttons={
        <ChangeButtons
          caption={captionOf(registering)}
          isDisabled={targetsToRegister(registering).length === 0}
          onClose={closeRegisterOptions}
        />
      }
      onSubmit={() => void registerWithOptions()}
      onClose={closeRegisterOptions}
    >
      <NameOfOne registering={registering} />
      <InterpreterChoice registering={registering} />
      <FlagChoices form={form} flags={flags} onChange={changeOptions} />
      <OwnFamilyChoice registering={registering} />
      <ExistingChoice registering={registering} />
      <RegisterLines preview={preview} existing={existingOf(registering)} />
      <PresentOfOne registering={registering} />
      <WhatWillRun preview={whatWillRun} />
    </FormDialog>
  );
}

/** `Register`, `Register 4`, `Replace`: what the button does, and to how many of several. */
function captionOf(registering: RegisteringWithOptions): string {
  const affected = targetsToRegister(registering);
  const isReplacing = affected.length > 0 && affected.every(({ taken }) => taken?.stays === false);
  const verb = isReplacing ? 'Replace' : 'Register';
  return registering.targets.length === 1 || affected.length === 0 ? verb : `${verb} ${affected.length}`;
}
