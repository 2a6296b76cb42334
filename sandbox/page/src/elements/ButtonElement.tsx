import type { Element } from "../shared/types";
import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

export function ButtonElement({ block, element }: ElementProps) {
  const surface = useSurfaceContext();
  const busy = surface.pending === `${block.block_id}/${element.action_id}`;
  const press = async () => {
    if (busy) return;
    await surface.press(block, element, pressed(element));
    // A link button opens its page and tells the app as well.
    if (element.url) window.open(element.url, "_blank", "noopener");
  };
  return (
    <button
      type="button"
      className={`button${element.style ? ` button--${element.style}` : ""}`}
      aria-label={element.accessibility_label}
      aria-busy={busy}
      data-action-id={element.action_id}
      onClick={press}
    >
      {element.text?.text}
    </button>
  );
}

function pressed({ text, value, url }: Element): object {
  return { text, ...(value !== undefined && { value }), ...(url !== undefined && { url }) };
}

export function FeedbackButtons({ block, element }: ElementProps) {
  const surface = useSurfaceContext();
  const choices = [element.positive_button, element.negative_button].filter((choice) => choice !== undefined);
  return choices.map((choice) => (
    <button
      key={choice.value}
      type="button"
      className="button"
      aria-label={choice.accessibility_label}
      data-action-id={element.action_id}
      onClick={() => surface.press(block, element, { text: choice.text, value: choice.value })}
    >
      {choice.text.text}
    </button>
  ));
}
