/** Calls `act` once at the end of this turn of the event loop, however often it is asked to. */
export function oncePerTurn(act: () => void): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    setImmediate(() => {
      due = false;
      act();
    });
  };
}
