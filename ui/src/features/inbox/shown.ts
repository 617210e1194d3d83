/** The records of the shown list that need no choice, for the palette. */
export interface Ready {
  count(): number;
  send(): void;
}

let shown: Ready | undefined;

/** Returns how it goes again; one that goes takes only itself away. */
export function showReady(ready: Ready): () => void {
  shown = ready;
  return () => {
    if (shown === ready) shown = undefined;
  };
}

export function shownReady(): Ready | undefined {
  return shown;
}
