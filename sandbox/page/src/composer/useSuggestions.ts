import { type KeyboardEvent, useMemo, useState } from "react";
import { useSession } from "../shared/session";
import { type Suggestion, type Suggestions, suggestionsFor } from "./suggestions";

export interface SuggestionMenuState {
  open: Suggestions | null;
  /** The highlighted entry. */
  at: number;
  choose: (item: Suggestion) => void;
  /** Handles a key if it is the menu's; says whether it was. */
  takeKey: (event: KeyboardEvent) => boolean;
}

/** What fits what is typed so far, and the keys that choose among it. */
export function useSuggestions(
  text: string,
  caret: number,
  inThread: boolean,
  onComplete: (text: string, caret: number) => void,
): SuggestionMenuState {
  const { workspace, conversations } = useSession();
  const [position, setPosition] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const found = useMemo(() => {
    const commands = inThread ? [] : workspace.commands;
    return suggestionsFor(text, caret, { commands, users: workspace.users, conversations });
  }, [text, caret, inThread, workspace, conversations]);
  const open = found && dismissed !== text ? found : null;
  const count = open?.items.length ?? 0;
  const at = Math.min(position, Math.max(count - 1, 0));

  const choose = (item: Suggestion) => {
    if (!open) return;
    setPosition(0);
    const before = text.slice(0, open.start) + item.insert;
    onComplete(before + text.slice(caret), before.length);
  };
  const takeKey = (event: KeyboardEvent): boolean => {
    if (!open || open.onlyTells) return false;
    const highlighted = open.items[at];
    // Enter on a command typed out in full sends it.
    const completes = event.key === "Tab" || (event.key === "Enter" && highlighted?.label !== text);
    if (event.key === "ArrowDown") setPosition((at + 1) % count);
    else if (event.key === "ArrowUp") setPosition((at + count - 1) % count);
    else if (event.key === "Escape") setDismissed(text);
    else if (completes && highlighted && !event.shiftKey) choose(highlighted);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { open, at, choose, takeKey };
}
