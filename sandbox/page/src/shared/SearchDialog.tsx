import { useCombobox } from "downshift";
import { type ReactNode, useState } from "react";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";
import { isComposing } from "./keyboard";

export interface Found {
  key: string;
  testId?: string;
  /** What the search looks through. */
  text: string;
  row: ReactNode;
}

interface Props<T extends Found> {
  title: string;
  testId: string;
  /** What a screen reader calls the field and the list. */
  label: string;
  listLabel: string;
  hint: string;
  none: string;
  items: T[];
  onChoose: (item: T) => void;
  onClose: () => void;
}

/** A dialog that finds one among many by typing. */
export function SearchDialog<T extends Found>(props: Props<T>) {
  const { title, testId, label, listLabel, hint, none, items, onChoose, onClose } = props;
  const [search, setSearch] = useState("");
  const found = items.filter((item) => matches(item.text, search));
  const combobox = useCombobox<T>({
    items: found,
    isOpen: true,
    itemToString: (item) => item?.text ?? "",
    itemToKey: (item) => item?.key,
    inputValue: search,
    defaultHighlightedIndex: 0,
    selectedItem: null,
    onStateChange: ({ type, selectedItem }) => {
      const types = useCombobox.stateChangeTypes;
      if ((type === types.ItemClick || type === types.InputKeyDownEnter) && selectedItem) {
        onClose();
        onChoose(selectedItem);
      }
    },
  });
  const field = combobox.getInputProps({
    "aria-label": label,
    "aria-labelledby": undefined,
    // At once: Downshift tells of it only after drawing, and what was typed meanwhile would be lost.
    onChange: (event) => setSearch(event.currentTarget.value),
    onKeyDown: (event) => {
      if (event.key === "Escape" && !isComposing(event)) onClose();
    },
  });
  return (
    <Dialog title={title} testId={testId} light onClose={onClose}>
      <div className="finder">
        <div className="finder__field">
          <Icon name="search" />
          <input className="input" autoFocus placeholder={hint} {...field} />
        </div>
        <ul className="finder__list" {...combobox.getMenuProps({ "aria-label": listLabel, "aria-labelledby": undefined })}>
          {found.map((item, index) => (
            <Row key={item.key} isAt={index === combobox.highlightedIndex} item={item} props={combobox.getItemProps({ item, index })} />
          ))}
        </ul>
        {found.length === 0 && <p className="finder__none">{none}</p>}
      </div>
    </Dialog>
  );
}

function Row({ item, isAt, props }: { item: Found; isAt: boolean; props: object }) {
  return (
    <li className={isAt ? "finder__one finder__one--at" : "finder__one"} data-testid={item.testId} {...props}>
      {item.row}
    </li>
  );
}

/** Every word that was typed is somewhere in the text. */
function matches(text: string, search: string): boolean {
  const where = text.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}
