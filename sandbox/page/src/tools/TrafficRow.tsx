import { useState } from "react";
import type { TrafficEntry } from "../shared/types";

const KINDS: Record<TrafficEntry["kind"], string> = {
  web_api: "Web API",
  socket: "socket",
  http: "HTTP",
  response_url: "response URL",
};

export function TrafficRow({ entry }: { entry: TrafficEntry }) {
  const [open, setOpen] = useState(false);
  const failed = hasFailed(entry);
  return (
    <li className={failed ? "traffic__one traffic__one--failed" : "traffic__one"} data-testid="traffic-entry">
      <button type="button" className="traffic__line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="traffic__arrow" title={entry.direction === "in" ? "from the app" : "to the app"}>
          {entry.direction === "in" ? "→" : "←"}
        </span>
        <strong>{entry.method}</strong>
        <span className="traffic__facts">
          {[KINDS[entry.kind], entry.status, entry.ms !== null && `${Math.round(entry.ms)} ms`].filter(Boolean).join(" · ")}
        </span>
      </button>
      {open && (
        <dl className="traffic__bodies">
          <dt>Request</dt>
          <dd>
            <pre tabIndex={0}>{JSON.stringify(entry.request, null, 2)}</pre>
          </dd>
          <dt>Response</dt>
          <dd>
            <pre tabIndex={0}>{JSON.stringify(entry.response, null, 2)}</pre>
          </dd>
        </dl>
      )}
    </li>
  );
}

function hasFailed({ status, response }: TrafficEntry): boolean {
  if (Number(status) >= 400) return true;
  return typeof response === "object" && response !== null && "ok" in response && response.ok === false;
}
