import { useCallback, useState } from "react";
import { Icon } from "../shared/Icon";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { LiveEvent, TrafficEntry } from "../shared/types";
import { useFetched } from "../shared/useFetched";
import { TrafficRow } from "./TrafficRow";
import { FILTERS, type Filter, merged, shownOf } from "./traffic";

/** The raw traffic between the workspace and the app, newest first. */
export function Inspector({ onClose }: { onClose: () => void }) {
  const { words } = useSession();
  const entries = useTraffic();
  const [search, setSearch] = useState("");
  const [filter, setFilter] = useState<Filter>("all");
  // Entries up to this number were cleared away.
  const [clearedTo, setClearedTo] = useState(0);
  const kept = entries.filter(({ n }) => n > clearedTo);
  const shown = shownOf(kept, filter, search);
  return (
    <aside
      className="inspector"
      aria-label={words.traffic.title}
      data-testid="inspector"
      data-region
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <header className="header">
        <div className="header__text">
          <h2>{words.traffic.title}</h2>
          <p>{words.traffic.about}</p>
        </div>
        <button type="button" className="icon-button" aria-label={words.traffic.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="inspector__search">
        <input
          className="input"
          autoFocus
          type="search"
          aria-label={words.traffic.find}
          placeholder={words.traffic.hint}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <div className="filters" role="group" aria-label={words.traffic.filter}>
          {FILTERS.map((name) => (
            <button
              key={name}
              type="button"
              className="filter"
              aria-pressed={filter === name}
              onClick={() => setFilter(name)}
            >
              {words.traffic[name]}
            </button>
          ))}
          <button type="button" className="filter filter--act" onClick={() => setClearedTo(entries.at(-1)?.n ?? 0)}>
            <Icon name="trash" />
            {words.traffic.clear}
          </button>
        </div>
      </div>
      <ol className="traffic">
        {shown.map((entry) => (
          <TrafficRow key={entry.n} entry={entry} />
        ))}
      </ol>
      {shown.length === 0 && <p className="blank">{kept.length > 0 ? words.traffic.nothing : words.traffic.silence}</p>}
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
