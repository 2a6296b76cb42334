import { useEffect, useRef } from "react";
import type { Route } from "./route";
import type { Conversation } from "./types";

interface Shortcuts {
  conversations: Conversation[];
  current: Conversation | undefined;
  go: (route: Omit<Route, "user">) => void;
  onJump: () => void;
  onHelp: () => void;
}

/** The keys that work everywhere; tools/Keys.tsx lists them. An open dialog keeps them to itself. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return;
      const act = actionOf(event, latest.current);
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function actionOf(event: KeyboardEvent, { conversations, current, go, onJump, onHelp }: Shortcuts): (() => void) | null {
  const { key, altKey, shiftKey } = event;
  const control = event.ctrlKey || event.metaKey;
  if (control && !altKey && key.toLowerCase() === "k") return onJump;
  if (control && !altKey && key === "/") return onHelp;
  if (key === "F6") return () => toNextRegion(shiftKey ? -1 : 1);
  if (!altKey || control || (key !== "ArrowUp" && key !== "ArrowDown")) return null;
  const at = conversations.findIndex(({ id }) => id === current?.id);
  const next = conversations[at + (key === "ArrowUp" ? -1 : 1)];
  return next ? () => go({ channel: next.id }) : null;
}

const FOCUSABLE = "a[href], button:not(:disabled), input, textarea";

/** Moves the focus to the first thing in the next part of the page that is in view. */
function toNextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((one) => one.checkVisibility());
  if (regions.length === 0) return;
  // The innermost one counts: a composer is a part within its conversation.
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = regions[(Math.max(at, -1) + step + regions.length) % regions.length];
  const target = next?.matches("[tabindex]") ? next : next?.querySelector<HTMLElement>(FOCUSABLE);
  target?.focus();
}
