import { useEffect, useState } from "react";
import { Live } from "./live";
import type { LiveEvent } from "./types";

export function useLive(user: string): Live {
  const [live] = useState(() => new Live(user));
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  return live;
}

export function useLiveEvents(live: Live, onEvent: (event: LiveEvent) => void): void {
  useEffect(() => live.subscribe(onEvent), [live, onEvent]);
}
