/**
 * Gives the focus to a button that appears in place of the one that had it, as its `ref`. React-aria's `autoFocus` does
 * not where Enter in a field was what submitted the form.
 */
export const focusWhenShown = (button: HTMLButtonElement | null): void => button?.focus();
