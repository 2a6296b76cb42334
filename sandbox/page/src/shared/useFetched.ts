import { useCallback, useEffect, useRef } from "react";
import type { Live } from "./live";
import type { LiveEvent } from "./types";

interface Source<T> {
  live: Live;
  load: () => Promise<T>;
  take: (answer: T) => void;
  /** Applies a live event; says whether it changed what `load` fetches. */
  onEvent: (event: LiveEvent) => boolean;
  notify: (sentence: string) => void;
}

/**
 * Keeps something up to date that is fetched first and changed by live events afterwards.
 * An answer that an event has overtaken is old, so it is thrown away and fetched again.
 * All functions must be stable (`useCallback`).
 */
export function useFetched<T>({ live, load, take, onEvent, notify }: Source<T>): void {
  const changes = useRef(0);
  const reload = useCallback(async () => {
    try {
      for (;;) {
        const before = changes.current;
        const answer = await load();
        if (changes.current === before) return take(answer);
      }
    } catch (problem) {
      notify((problem as Error).message);
    }
  }, [load, take, notify]);

  useEffect(() => {
    void reload();
    return live.subscribe((event) => {
      // Whatever happened while there was no connection is in a fresh answer.
      const missed = event.type === "connected";
      if (missed || onEvent(event)) changes.current += 1;
      if (missed) void reload();
    });
  }, [live, reload, onEvent]);
}
