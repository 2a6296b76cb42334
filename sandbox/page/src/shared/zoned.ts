// Date and time as one's own clock shows it, for a time zone that need not be the browser's.

/** How far a zone is ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant);
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(
    number("year"),
    number("month") - 1,
    number("day"),
    number("hour"),
    number("minute"),
    number("second"),
  );
  return shown - Math.floor(instant / 1000) * 1000;
}

/** Seconds since 1970 as `2026-07-31T09:30` in a zone: what a date and time input shows. */
export function toLocalText(seconds: number, timeZone: string): string {
  const instant = seconds * 1000;
  return new Date(instant + offsetAt(instant, timeZone)).toISOString().slice(0, 16);
}

/** `2026-07-31T09:30` in a zone as seconds since 1970. */
export function fromLocalText(text: string, timeZone: string): number {
  const asUtc = Date.parse(`${text}:00Z`);
  // The offset is that of the instant sought; a second look settles it beside a change of the clocks.
  const near = asUtc - offsetAt(asUtc, timeZone);
  return Math.floor((asUtc - offsetAt(near, timeZone)) / 1000);
}
