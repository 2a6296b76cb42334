import { useSelect } from "downshift";
import { Icon } from "../shared/Icon";
import { shareEscape } from "../shared/keyboard";
import { useInView } from "../shared/useInView";
import type { Option } from "../shared/types";
import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

export function OverflowElement({ block, element, label }: ElementProps) {
  const surface = useSurfaceContext();
  const options = element.options ?? [];
  const choose = async (option: Option) => {
    await surface.press(block, element, { selected_option: option });
    if (option.url) window.open(option.url, "_blank", "noopener");
  };
  const menu = useSelect<Option>({
    items: options,
    itemToString: (option) => option?.text.text ?? "",
    // Nothing stays selected: the same entry can be chosen again.
    selectedItem: null,
    onSelectedItemChange: ({ selectedItem }) => {
      if (selectedItem) void choose(selectedItem);
    },
  });
  const list = useInView<HTMLUListElement>(menu.isOpen);
  return (
    <div className="overflow">
      <button
        type="button"
        className="button button--icon"
        data-action-id={element.action_id}
        {...menu.getToggleButtonProps({
          "aria-label": label ? `More actions: ${label}` : "More actions",
          "aria-labelledby": undefined,
          onKeyDown: (event) => shareEscape(event, menu.isOpen),
        })}
      >
        <Icon name="more" />
      </button>
      <ul
        className={menu.isOpen ? "menu menu--open menu--right" : "menu"}
        {...menu.getMenuProps({ ref: list, "aria-label": "Actions", "aria-labelledby": undefined })}
      >
        {menu.isOpen &&
          options.map((option, index) => (
            <li
              key={option.value}
              className={index === menu.highlightedIndex ? "menu__item menu__item--at" : "menu__item"}
              {...menu.getItemProps({ item: option, index })}
            >
              {option.text.text}
              {option.description && <small>{option.description.text}</small>}
            </li>
          ))}
      </ul>
    </div>
  );
}
