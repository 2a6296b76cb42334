import { type KeyboardEvent, useState } from "react";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";
import { findEmoji, oftenUsed } from "./emoji";
import { isComposing } from "./keyboard";
import { useWords } from "./session";

/** As many as fit without scrolling far. */
const MOST = 48;

interface Props {
  onChoose: (name: string) => void;
  onClose: () => void;
}

/** Finds an emoji by a part of its name. */
export function EmojiPicker({ onChoose, onClose }: Props) {
  const words = useWords();
  const [search, setSearch] = useState("");
  const part = search.trim().toLowerCase().replaceAll(":", "").replaceAll(" ", "_");
  const found = part ? findEmoji(part).slice(0, MOST) : oftenUsed();
  const choose = (name: string) => {
    onClose();
    onChoose(name);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || isComposing(event)) return;
    // The picker may stand within a form, which is not to be sent.
    event.preventDefault();
    if (found[0]) choose(found[0].name);
  };
  return (
    <Dialog title={words.emoji.title} size="small" testId="emoji-picker" light onClose={onClose}>
      <div className="finder">
        <div className="finder__field">
          <Icon name="search" />
          <input
            className="input"
            aria-label={words.emoji.find}
            placeholder={words.emoji.find}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={keyDown}
          />
        </div>
        <ul className="emoji" aria-label={words.emoji.title}>
          {found.map(({ name, sign }) => (
            <li key={name}>
              <button type="button" className="emoji__one" aria-label={name} title={`:${name}:`} onClick={() => choose(name)}>
                {sign}
              </button>
            </li>
          ))}
        </ul>
        {found.length === 0 && <p>{words.emoji.none}</p>}
      </div>
    </Dialog>
  );
}
