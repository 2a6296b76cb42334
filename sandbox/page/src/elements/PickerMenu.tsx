import type { UseComboboxReturnValue } from "downshift";
import { Fragment } from "react";
import { useInView } from "../shared/useInView";
import type { Choice } from "./Picker";

interface Props {
  combobox: UseComboboxReturnValue<Choice>;
  shown: Choice[];
  hint: string;
}

export function PickerMenu({ combobox, shown, hint }: Props) {
  const list = useInView<HTMLUListElement>(combobox.isOpen);
  return (
    <ul
      className={combobox.isOpen ? "menu menu--open" : "menu"}
      {...combobox.getMenuProps({ ref: list, "aria-label": "Choices", "aria-labelledby": undefined })}
    >
      {combobox.isOpen && shown.length === 0 && <li className="menu__hint">{hint}</li>}
      {combobox.isOpen &&
        shown.map((choice, index) => (
          <Fragment key={choice.key}>
            {choice.group && choice.group !== shown[index - 1]?.group && (
              <li className="menu__group" role="presentation">
                {choice.group}
              </li>
            )}
            <li
              className={index === combobox.highlightedIndex ? "menu__item menu__item--at" : "menu__item"}
              {...combobox.getItemProps({ item: choice, index })}
            >
              {choice.label}
              {choice.detail && <small>{choice.detail}</small>}
            </li>
          </Fragment>
        ))}
    </ul>
  );
}
