import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

const INPUT_TYPES: Record<string, string> = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

/** Date, time, or both: the browser's own pickers, which know keyboards and phones. */
export function DateElement({ block, element, label, labelledBy, describedBy, invalid }: ElementProps) {
  const surface = useSurfaceContext();
  const value = surface.valueOf(block, element);
  const withDate = element.type !== "timepicker";
  const change = (text: string) => {
    // Typing 2017 passes through the years 2, 20 and 201, which nobody means.
    const complete = text === "" || !withDate || Number(text.slice(0, 4)) >= 1000;
    const next = fromInput(element.type, text);
    if (complete) void surface.choose(block, element, next);
    else surface.type(block, element, next);
  };
  return (
    <input
      className="input input--date"
      type={INPUT_TYPES[element.type]}
      value={toInput(element.type, value)}
      aria-label={labelledBy ? undefined : (element.placeholder?.text ?? label)}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      autoFocus={element.focus_on_load}
      data-action-id={element.action_id}
      onChange={(event) => change(event.target.value)}
    />
  );
}

/** Slack holds date and time as seconds since 1970, the browser as local text. */
function toInput(type: string, value: unknown): string {
  if (value === null) return "";
  if (type !== "datetimepicker") return String(value);
  const local = new Date(Number(value) * 1000);
  local.setMinutes(local.getMinutes() - local.getTimezoneOffset());
  return local.toISOString().slice(0, 16);
}

function fromInput(type: string, text: string): string | number | null {
  if (text === "") return null;
  return type === "datetimepicker" ? Math.floor(new Date(text).getTime() / 1000) : text;
}
