import { useEffect, useState } from "react";
import { Live } from "./live";

export function useLive(user: string): Live {
  const [live] = useState(() => new Live(user));
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  return live;
}

/** Whether the stream is there; null at the start, when it is still to come. */
export function useConnected(live: Live): boolean | null {
  const [connected, setConnected] = useState<boolean | null>(null);
  useEffect(
    () =>
      live.subscribe(({ type }) => {
        if (type === "connected") setConnected(true);
        if (type === "disconnected") setConnected(false);
      }),
    [live],
  );
  return connected;
}
