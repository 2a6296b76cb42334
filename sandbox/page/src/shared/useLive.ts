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
