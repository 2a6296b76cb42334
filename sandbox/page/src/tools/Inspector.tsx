import { useCallback, useState } from "react";
import { Icon } from "../shared/Icon";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { LiveEvent, TrafficEntry } from "../shared/types";
import { useFetched } from "../shared/useFetched";
import { TrafficRow } from "./TrafficRow";

/** The raw traffic between the workspace and the app, newest first. */
export function Inspector({ onClose }: { onClose: () => void }) {
  const entries = useTraffic();
  const [search, setSearch] = useState("");
  const wanted = search.toLowerCase();
  const shown = entries.filter((entry) => !wanted || JSON.stringify(entry).toLowerCase().includes(wanted)).reverse();
  return (
    <aside
      className="inspector"
      aria-label="Traffic"
      data-testid="inspector"
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <header className="header">
        <div className="header__text">
          <h2>Traffic</h2>
          <p>What the app and the workspace say to each other</p>
        </div>
        <button type="button" className="icon-button" aria-label="Close traffic" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="inspector__search">
        <input
          className="input"
          autoFocus
          aria-label="Find in the traffic"
          placeholder="Find a method, a channel, a word"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <ol className="traffic">
        {shown.map((entry) => (
          <TrafficRow key={entry.n} entry={entry} />
        ))}
        {shown.length === 0 && <li className="blank">{search ? "Nothing matches." : "Silence so far."}</li>}
      </ol>
    </aside>
  );
}

function useTraffic(): TrafficEntry[] {
  const { live, notify } = useSession();
  const [entries, setEntries] = useState<TrafficEntry[]>([]);
  const add = useCallback((more: TrafficEntry[]) => setEntries((now) => merged(now, more)), []);
  const load = useCallback(() => api.traffic(0).then((answer) => answer.traffic), []);
  const onEvent = useCallback(
    (event: LiveEvent) => {
      if (event.type === "traffic") add([event.entry]);
      // Entries are merged by their number, so that an older answer does no harm.
      return false;
    },
    [add],
  );
  useFetched({ live, load, take: add, onEvent, notify });
  return entries;
}

/** By number, each once: an entry may come live and with the list. */
function merged(some: TrafficEntry[], more: TrafficEntry[]): TrafficEntry[] {
  const byNumber = new Map([...some, ...more].map((entry) => [entry.n, entry]));
  return [...byNumber.values()].sort((a, b) => a.n - b.n);
}
