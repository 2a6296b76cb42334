import type { KeyboardEvent } from "react";

/** Whether a key belongs to an input method: Enter then takes a candidate and sends nothing. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}
