import type { UseComboboxReturnValue } from "downshift";
import { Fragment } from "react";
import { useWords } from "../shared/session";
import { useInView } from "../shared/useInView";
import type { Choice } from "./Picker";

interface Props {
  combobox: UseComboboxReturnValue<Choice>;
  shown: Choice[];
  hint: string;
}

export function PickerMenu({ combobox, shown, hint }: Props) {
  const words = useWords();
  const list = useInView<HTMLDivElement>(combobox.isOpen);
  const isEmpty = shown.length === 0;
  return (
    <div className={combobox.isOpen ? "menu menu--open" : "menu"} ref={list}>
      {combobox.isOpen && isEmpty && (
        <p className="menu__hint" role="status">
          {hint}
        </p>
      )}
      <ul {...combobox.getMenuProps({ "aria-label": words.element.choices, "aria-labelledby": undefined })}>
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
    </div>
  );
}
