import type { KeyboardEvent } from "react";
import { isComposing } from "../shared/keyboard";
import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

const INPUT_TYPES: Record<string, string> = { email_text_input: "email", url_text_input: "url" };

/** One line or several of text, an address, or a number. */
export function TextElement({ block, element, label, fieldId, labelledBy, describedBy, invalid }: ElementProps) {
  const surface = useSurfaceContext();
  const value = (surface.valueOf(block, element) as string | null) ?? "";
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];

  const change = (text: string) => {
    const next = text === "" ? null : text;
    if (triggers.includes("on_character_entered")) void surface.choose(block, element, next);
    else surface.type(block, element, next);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || isComposing(event) || !block.dispatch_action) return;
    if (element.multiline && !event.metaKey && !event.ctrlKey) return;
    if (!triggers.includes("on_enter_pressed")) return;
    event.preventDefault();
    void surface.choose(block, element, value === "" ? null : value);
  };
  const common = {
    id: fieldId,
    className: "input",
    value,
    placeholder: element.placeholder?.text,
    "aria-label": labelledBy ? undefined : label,
    "aria-labelledby": labelledBy,
    "aria-describedby": describedBy,
    "aria-invalid": invalid,
    "data-action-id": element.action_id,
    "data-focus": element.focus_on_load || undefined,
    onKeyDown: keyDown,
  };
  if (element.multiline) {
    return <textarea {...common} rows={4} onChange={(event) => change(event.target.value)} />;
  }
  return (
    <input
      {...common}
      type={INPUT_TYPES[element.type] ?? "text"}
      inputMode={element.type === "number_input" ? "decimal" : undefined}
      onChange={(event) => change(event.target.value)}
    />
  );
}
