import { useSelect } from "downshift";
import { Icon, type IconName } from "./Icon";
import { shareEscape } from "./keyboard";
import { useWords } from "./session";
import { useInView } from "./useInView";

export interface Action {
  key: string;
  label: string;
  detail?: string;
}

interface Props {
  /** What the button is called. */
  label: string;
  icon: IconName;
  className: string;
  actionId?: string;
  actions: Action[];
  onChoose: (key: string) => void;
}

/** A button that opens a list of things to do. */
export function ActionMenu({ label, icon, className, actionId, actions, onChoose }: Props) {
  const words = useWords();
  const menu = useSelect<Action>({
    items: actions,
    itemToString: (action) => action?.label ?? "",
    // Nothing stays selected: the same entry can be chosen again.
    selectedItem: null,
    onSelectedItemChange: ({ selectedItem }) => {
      if (selectedItem) onChoose(selectedItem.key);
    },
  });
  const list = useInView<HTMLUListElement>(menu.isOpen);
  return (
    <div className="overflow">
      <button
        type="button"
        className={className}
        title={label}
        data-action-id={actionId}
        {...menu.getToggleButtonProps({
          "aria-label": label,
          "aria-labelledby": undefined,
          onKeyDown: (event) => shareEscape(event, menu.isOpen),
        })}
      >
        <Icon name={icon} />
      </button>
      <ul
        className={menu.isOpen ? "menu menu--open menu--right" : "menu"}
        {...menu.getMenuProps({ ref: list, "aria-label": words.element.actions, "aria-labelledby": undefined })}
      >
        {menu.isOpen &&
          actions.map((action, index) => (
            <li
              key={action.key}
              className={index === menu.highlightedIndex ? "menu__item menu__item--at" : "menu__item"}
              {...menu.getItemProps({ item: action, index })}
            >
              {action.label}
              {action.detail && <small>{action.detail}</small>}
            </li>
          ))}
      </ul>
    </div>
  );
}
