import { Icon, isIcon } from "../shared/Icon";
import { useSession } from "../shared/session";
import type { Element } from "../shared/types";
import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

/** Beside a section it is described by what the section is about: rows of a list have buttons of one name. */
export function ButtonElement({ block, element, label }: ElementProps) {
  const { busy, press } = usePress({ block, element });
  return (
    <button
      type="button"
      className={classOf(element)}
      aria-label={element.accessibility_label}
      aria-description={label}
      aria-busy={busy}
      data-action-id={element.action_id}
      onClick={press}
    >
      {element.text?.text}
    </button>
  );
}

/** A button that is a sign; its text is what it is called. */
export function IconButton({ block, element }: ElementProps) {
  const { busy, press } = usePress({ block, element });
  const icon = element.icon ?? "";
  const name = element.accessibility_label ?? element.text?.text;
  return (
    <button
      type="button"
      className="button button--icon"
      aria-label={name}
      title={element.text?.text}
      aria-busy={busy}
      data-action-id={element.action_id}
      onClick={press}
    >
      {isIcon(icon) ? <Icon name={icon} /> : element.text?.text}
    </button>
  );
}

/** Slack runs the workflow and tells the app nothing of the press. */
export function WorkflowButton({ element }: ElementProps) {
  const { words, notify } = useSession();
  return (
    <button
      type="button"
      className={classOf(element)}
      aria-label={element.accessibility_label}
      data-action-id={element.action_id}
      onClick={() => notify(words.element.workflow)}
    >
      {element.text?.text}
    </button>
  );
}

function usePress({ block, element }: Pick<ElementProps, "block" | "element">) {
  const surface = useSurfaceContext();
  const busy = surface.pending === `${block.block_id}/${element.action_id}`;
  const press = async () => {
    if (busy) return;
    await surface.press(block, element, pressed(element));
    // A link button opens its page and tells the app as well.
    if (element.url) window.open(element.url, "_blank", "noopener");
  };
  return { busy, press };
}

function pressed({ text, value, url }: Element): object {
  return { text, ...(value !== undefined && { value }), ...(url !== undefined && { url }) };
}

function classOf({ style }: Element): string {
  return style ? `button button--${style}` : "button";
}
