import type { PlaceRequest } from '../place-request.ts';
import type { BringRequest, Request } from '../requests.ts';

export type ActionLabel =
  | 'Enable'
  | 'Register'
  | 'Replace'
  | 'Unregister'
  | 'Rename'
  | 'Switch on'
  | 'Mount'
  | 'Keep at boot'
  | 'Not at boot';

/** What can be done about something, as a button offers it. Plain data: it travels to the window as it is. */
export interface Action {
  readonly label: ActionLabel;
  /** To be sent in this order, each once the one before was carried out: it is planned from what that left. */
  readonly requests: readonly Exclude<Request, BringRequest | PlaceRequest>[];
}

export const mountAction: Action = { label: 'Mount', requests: [{ kind: 'mount' }] };

export const switchOnAction: Action = { label: 'Switch on', requests: [{ kind: 'switch-master', on: true }] };

export const enableAction = (name: string): Action => ({
  label: 'Enable',
  requests: [{ kind: 'switch-entries', names: [name], on: true }],
});

export const registerAction = (target: string): Action => ({
  label: 'Register',
  requests: [{ kind: 'register', targets: [target] }],
});

export const unregisterAction = (...names: readonly string[]): Action => ({
  label: 'Unregister',
  requests: [{ kind: 'unregister', names }],
});

export const keepAtBootAction = (name: string): Action => ({
  label: 'Keep at boot',
  requests: [{ kind: 'keep-at-boot', names: [name], agreed: [] }],
});

export const notAtBootAction = (name: string): Action => ({
  label: 'Not at boot',
  requests: [{ kind: 'not-at-boot', names: [name], agreed: [] }],
});

/** Gives what a replacement that was cut off left its own name. */
export const renameTrialAction = (name: string): Action => ({
  label: 'Rename',
  requests: [{ kind: 'rename-trial', name }],
});

/** Removes the entry and registers its target the way this program does it. */
export const replaceAction = (name: string, target: string): Action => ({
  label: 'Replace',
  requests: [{ kind: 'replace', name, target }],
});
