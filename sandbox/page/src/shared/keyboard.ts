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
