import type { KeyboardEvent } from "react";

/** Whether a key belongs to an input method: Enter then takes a candidate and sends nothing. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}

/**
 * Escape closes an open list and nothing else; with the list closed it is for the dialog around it.
 * Downshift's select lets it through in the first case, its combobox keeps it in the second.
 */
export function shareEscape(event: KeyboardEvent, isOpen: boolean): void {
  if (event.key !== "Escape") return;
  if (isOpen) event.preventDefault();
  else (event.nativeEvent as { preventDownshiftDefault?: boolean }).preventDownshiftDefault = true;
}

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => Math.min(at + 1, count - 1),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * Arrow keys walk through the elements that match, from the one that has the focus.
 * From outside them, up and Home go to the last: that is where the newest is.
 */
export function walk(event: KeyboardEvent<HTMLElement>, selector: string): void {
  const step = STEPS[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  const target = event.target as HTMLElement;
  if (target !== event.currentTarget && !target.matches(selector)) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const at = all.findIndex((element) => element === document.activeElement);
  const next = all[at < 0 ? all.length - 1 : step(at, all.length)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
