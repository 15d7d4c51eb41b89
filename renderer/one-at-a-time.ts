/**
 * The same work, once at a time: what is asked for while it is under way is done when it has ended, and then
 * once. Resolves when nothing is left to do.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let isWanted = false;
  const workOff = async (): Promise<void> => {
    while (isWanted) {
      isWanted = false;
      await work();
    }
  };
  return () => {
    isWanted = true;
    running ??= workOff().finally(() => {
      running = null;
    });
    return running;
  };
}
