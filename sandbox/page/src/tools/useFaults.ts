import { useCallback, useState } from "react";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { Faults, LiveEvent } from "../shared/types";
import { useFetched } from "../shared/useFetched";

/** The fault switches as they stand; null until they are known. */
export function useFaults(): Faults | null {
  const { live, notify } = useSession();
  const [faults, setFaults] = useState<Faults | null>(null);
  const onEvent = useCallback((event: LiveEvent) => {
    if (event.type !== "faults") return false;
    setFaults(event.faults);
    return true;
  }, []);
  useFetched({ live, load: api.faults, take: setFaults, onEvent, notify });
  return faults;
}
