import { useId } from "react";
import { useSession } from "../shared/session";
import { fromLocalText, toLocalText } from "../shared/zoned";
import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

const INPUT_TYPES: Record<string, string> = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

/** Date, time, or both: the browser's own pickers, which know keyboards and phones. */
export function DateElement({ block, element, label, fieldId, labelledBy, describedBy, invalid }: ElementProps) {
  const { me, words } = useSession();
  const surface = useSurfaceContext();
  const zoneId = useId();
  const value = surface.valueOf(block, element);
  const withDate = element.type !== "timepicker";
  const isBoth = element.type === "datetimepicker";
  const zone = isBoth ? me.tz : element.timezone;

  const change = (text: string) => {
    // Typing 2017 passes through the years 2, 20 and 201, which nobody means.
    const complete = text === "" || !withDate || Number(text.slice(0, 4)) >= 1000;
    const next = text === "" ? null : isBoth ? fromLocalText(text, me.tz) : text;
    if (complete) void surface.choose(block, element, next);
    else surface.type(block, element, next);
  };
  const fallback = withDate ? words.element.date : words.element.time;
  return (
    <span className="when">
      <input
        id={fieldId}
        className="input input--date"
        type={INPUT_TYPES[element.type]}
        // Slack holds date and time as seconds since 1970, the browser as text on one's own clock.
        value={isBoth && typeof value === "number" ? toLocalText(value, me.tz) : String(value ?? "")}
        aria-label={labelledBy ? undefined : (element.placeholder?.text ?? label ?? fallback)}
        aria-labelledby={labelledBy}
        aria-describedby={[describedBy, zone && zoneId].filter(Boolean).join(" ") || undefined}
        aria-invalid={invalid}
        data-focus={element.focus_on_load || undefined}
        data-action-id={element.action_id}
        onChange={(event) => change(event.target.value)}
      />
      {zone && (
        <small id={zoneId} className="when__zone">
          {words.element.timeZone(zone)}
        </small>
      )}
    </span>
  );
}
