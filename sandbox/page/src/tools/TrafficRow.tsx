import { useState } from "react";
import { CopyButton } from "../shared/CopyButton";
import { preciseTime } from "../shared/format";
import { useSession, useWords } from "../shared/session";
import type { TrafficEntry } from "../shared/types";
import { hasFailed, isEmpty, pretty } from "./traffic";

export function TrafficRow({ entry }: { entry: TrafficEntry }) {
  const { me, words } = useSession();
  const [open, setOpen] = useState(false);
  const { direction, method, kind, status, headers, ms } = entry;
  const retryAfter = headers["Retry-After"];
  const from = direction === "in" ? words.traffic.fromApp : words.traffic.toApp;
  return (
    <li className={hasFailed(entry) ? "traffic__one traffic__one--failed" : "traffic__one"} data-testid="traffic-entry">
      <button type="button" className="traffic__line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="traffic__arrow" title={from}>
          <span aria-hidden="true">{direction === "in" ? "→" : "←"}</span>
          <span className="hidden">{from}</span>
        </span>
        <span className="traffic__what">
          <strong>{method}</strong>
          <span className="traffic__facts">
            {preciseTime(entry.at, me)} · {words.traffic.kinds[kind] ?? kind}
            {retryAfter !== undefined && ` · Retry-After: ${retryAfter}`}
          </span>
        </span>
        {status !== null && <span className="traffic__status">{status}</span>}
        {ms !== null && <span className="traffic__ms">{words.traffic.ms(ms < 10 ? ms.toFixed(1) : String(Math.round(ms)))}</span>}
      </button>
      {open && (
        <div className="traffic__bodies">
          <Body title={words.traffic.request} content={entry.request} />
          <Body title={words.traffic.answer} content={entry.response} />
        </div>
      )}
    </li>
  );
}

function Body({ title, content }: { title: string; content: unknown }) {
  const words = useWords();
  const text = isEmpty(content) ? "" : pretty(content);
  return (
    <section aria-label={title}>
      <div className="traffic__title">
        <h3>{title}</h3>
        {text && <CopyButton text={text} label={`${words.copy}: ${title}`} />}
      </div>
      {text ? <pre tabIndex={0}>{text}</pre> : <p className="traffic__empty">{words.traffic.empty}</p>}
    </section>
  );
}
