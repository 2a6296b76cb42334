import { useCombobox } from "downshift";
import { useState } from "react";
import { Avatar } from "../shared/Avatar";
import { Dialog } from "../shared/Dialog";
import { useSession } from "../shared/session";
import type { User } from "../shared/types";

interface Props {
  onPerson: (user: string) => void;
  onClose: () => void;
}

/** Finds a person by name, title or address, and becomes that person. */
export function PersonSwitcher({ onPerson, onClose }: Props) {
  const { me, workspace } = useSession();
  const [search, setSearch] = useState("");
  const people = workspace.users.filter((user) => !user.is_bot && !user.deleted && matches(user, search));
  const combobox = useCombobox<User>({
    items: people,
    isOpen: true,
    itemToString: (user) => user?.real_name ?? "",
    inputValue: search,
    defaultHighlightedIndex: 0,
    selectedItem: null,
    onStateChange: ({ type, inputValue, selectedItem }) => {
      const types = useCombobox.stateChangeTypes;
      if (type === types.InputChange) setSearch(inputValue ?? "");
      if ((type === types.ItemClick || type === types.InputKeyDownEnter) && selectedItem) {
        onClose();
        onPerson(selectedItem.id);
      }
    },
  });
  return (
    <Dialog title="Act as" testId="person-switcher" onClose={onClose}>
      <div className="dialog__body">
        <input
          className="input"
          autoFocus
          placeholder="Name, title or e-mail address"
          {...combobox.getInputProps({
            "aria-label": "Find a person",
            "aria-labelledby": undefined,
            onKeyDown: (event) => event.key === "Escape" && onClose(),
          })}
        />
        <ul className="people" {...combobox.getMenuProps({ "aria-label": "People", "aria-labelledby": undefined })}>
          {people.map((user, index) => (
            <li
              key={user.id}
              className={index === combobox.highlightedIndex ? "people__one people__one--at" : "people__one"}
              data-testid={`person-${user.id}`}
              {...combobox.getItemProps({ item: user, index })}
            >
              <Avatar user={user} />
              <span className="people__text">
                <strong>{user.real_name || user.name}</strong>
                <small>{[user.title, user.email].filter(Boolean).join(" · ")}</small>
              </span>
              {user.is_admin && <span className="badge">admin</span>}
              {user.id === me.id && <span className="badge">now</span>}
            </li>
          ))}
          {people.length === 0 && <li className="menu__hint">Nobody of that name.</li>}
        </ul>
      </div>
    </Dialog>
  );
}

function matches(user: User, search: string): boolean {
  const text = [user.real_name, user.name, user.title, user.email, user.id].join(" ").toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
