// What the window is like: how wide, how dark.
import { useSyncExternalStore } from "react";

function watched(query: string): () => boolean {
  const list = window.matchMedia(query);
  const subscribe = (onChange: () => void) => {
    list.addEventListener("change", onChange);
    return () => list.removeEventListener("change", onChange);
  };
  return () => useSyncExternalStore(subscribe, () => list.matches);
}

/** Below this width one pane is shown at a time; styles/ has the same number. */
export const useNarrow = watched("(max-width: 700px)");

/** A finger that cannot point at something without pressing it, or little room. */
export const useTouch = watched("(hover: none), (max-width: 700px)");

export const useDark = watched("(prefers-color-scheme: dark)");
