import { useEffect, useRef } from "react";
import { Avatar } from "../shared/Avatar";
import { useWords } from "../shared/session";
import type { Suggestion, Suggestions } from "./suggestions";

interface Props {
  id: string;
  open: Suggestions;
  at: number;
  onChoose: (item: Suggestion) => void;
}

export function SuggestionMenu({ id, open, at, onChoose }: Props) {
  const words = useWords();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <ul ref={list} className="suggestions" id={id} role="listbox" aria-label={words.composer[open.kind]} data-testid={open.kind}>
      {open.items.map((item, index) => (
        <li
          key={item.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at && !open.onlyTells}
          className={index === at && !open.onlyTells ? "suggestion suggestion--at" : "suggestion"}
          // The text keeps the focus while one clicks.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => open.onlyTells || onChoose(item)}
        >
          {item.sign && <span className="suggestion__sign">{item.sign}</span>}
          {item.user && <Avatar user={item.user} small />}
          <strong>{item.label}</strong>
          {item.usage && <code>{item.usage}</code>}
          {item.detail && <span className="suggestion__detail">{item.detail}</span>}
        </li>
      ))}
    </ul>
  );
}
