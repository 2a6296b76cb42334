import { useSyncExternalStore } from "react";

/** The width below which one pane is shown at a time; styles/ has the same. */
const narrow = window.matchMedia("(max-width: 700px)");

function subscribe(onChange: () => void): () => void {
  narrow.addEventListener("change", onChange);
  return () => narrow.removeEventListener("change", onChange);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}
