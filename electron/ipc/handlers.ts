import { ipcMain, type WebContents, type WebFrameMain } from 'electron';
import * as v from 'valibot';
import { type Invocations, invocationNames } from './contract.ts';
import { argumentSchemas } from './schemas.ts';

/** What the main process does for each channel. */
export type Handlers = {
  readonly [Name in keyof Invocations]: (
    ...args: Parameters<Invocations[Name]>
  ) => ReturnType<Invocations[Name]> | Promise<ReturnType<Invocations[Name]>>;
};

/**
 * Answers every channel of the contract, for the top frame of the trusted window only, and with arguments
 * that have the promised shape only; anything else is refused with the reason.
 */
export function handleInvocations(handlers: Handlers, isTrusted: (sender: WebContents) => boolean): void {
  for (const name of invocationNames) {
    ipcMain.handle(name, (event, ...args: unknown[]) => {
      if (!isTrusted(event.sender) || !isTopFrame(event.senderFrame, event.sender)) {
        throw new Error(`${name}: refused, it was not called from this program's own window.`);
      }
      const parsed = v.safeParse(argumentSchemas[name] as v.GenericSchema<unknown, unknown[]>, args);
      if (!parsed.success) throw new Error(`${name}: ${v.summarize(parsed.issues)}`);
      const handler = handlers[name] as (...valid: unknown[]) => unknown;
      return handler(...parsed.output);
    });
  }
}

const isTopFrame = (frame: WebFrameMain | null, sender: WebContents): boolean =>
  frame !== null && frame === sender.mainFrame && new URL(frame.url).protocol === 'app:';
