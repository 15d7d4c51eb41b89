import { useSyncExternalStore } from 'react';

/** The beginning of the day it is, in milliseconds since 1970; what uses it is drawn anew when another day begins. */
export const useToday = (): number => useSyncExternalStore(onNextDay, startOfToday);

const startOfToday = (): number => new Date().setHours(0, 0, 0, 0);

function onNextDay(tell: () => void): () => void {
  let timer = 0;
  const wait = (): void => {
    timer = window.setTimeout(
      () => {
        tell();
        wait();
      },
      new Date().setHours(24, 0, 0, 0) - Date.now(),
    );
  };
  wait();
  // A timer does not run while the machine sleeps.
  window.addEventListener('focus', tell);
  return () => {
    window.clearTimeout(timer);
    window.removeEventListener('focus', tell);
  };
}
