import type { KeyboardEvent } from "react";

/** Whether a key belongs to an input method: Enter then takes a candidate and sends nothing. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}

/** Escape closes an open list; without this it would close the dialog around it as well. */
export function keepEscape(event: KeyboardEvent, isOpen: boolean): void {
  if (event.key === "Escape" && isOpen) event.preventDefault();
}
