import { ActionMenu } from "../shared/ActionMenu";
import { useWords } from "../shared/session";
import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

export function OverflowElement({ block, element, label }: ElementProps) {
  const words = useWords();
  const surface = useSurfaceContext();
  const options = element.options ?? [];
  const choose = async (value: string) => {
    const option = options.find((one) => one.value === value);
    await surface.press(block, element, { selected_option: option });
    // A choice with an address opens it, as a link button does.
    if (option?.url) window.open(option.url, "_blank", "noopener");
  };
  return (
    <ActionMenu
      label={label ? words.element.moreOf(label) : words.element.more}
      icon="more"
      className="button button--icon"
      actionId={element.action_id}
      actions={options.map(({ value, text, description }) => ({
        key: value,
        label: text.text,
        detail: description?.text,
      }))}
      onChoose={(value) => void choose(value)}
    />
  );
}
