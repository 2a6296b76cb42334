import { useState } from "react";
import { ActionMenu } from "../shared/ActionMenu";
import { EmojiPicker } from "../shared/EmojiPicker";
import { Icon, type IconName } from "../shared/Icon";
import { api } from "../shared/api";
import { useSession } from "../shared/session";

interface Props {
  text: string;
  caret: number;
  inThread: boolean;
  onPut: (text: string, caret: number) => void;
}

/** Buttons that begin what a sign begins, a command, a mention, an emoji; and the app's shortcuts. */
export function ComposerTools({ text, caret, inThread, onPut }: Props) {
  const { workspace, words } = useSession();
  const [choosing, setChoosing] = useState(false);
  /** Puts something at the caret, apart from the word before it. */
  const insert = (what: string) => {
    const before = text.slice(0, caret);
    const gap = before === "" || /\s$/.test(before) ? "" : " ";
    onPut(before + gap + what + text.slice(caret), caret + gap.length + what.length);
  };
  const button = (icon: IconName, label: string, onClick: () => void) => (
    <button type="button" className="icon-button icon-button--small" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
  return (
    <div className="composer__tools">
      {!inThread && <Shortcuts />}
      {!inThread && workspace.commands.length > 0 && button("slash", words.composer.insertCommand, () => onPut("/", 1))}
      {button("at", words.composer.insertMention, () => insert("@"))}
      {button("smile", words.composer.insertEmoji, () => setChoosing(true))}
      <span className="composer__keys">{words.composer.keys}</span>
      {choosing && <EmojiPicker onChoose={(name) => insert(`:${name}: `)} onClose={() => setChoosing(false)} />}
    </div>
  );
}

/** What the app offers to do anywhere. */
function Shortcuts() {
  const { me, workspace, words, notify } = useSession();
  const shortcuts = workspace.shortcuts.filter(({ type }) => type === "global");
  if (shortcuts.length === 0) return null;
  return (
    <ActionMenu
      label={words.composer.shortcuts}
      icon="bolt"
      className="icon-button icon-button--small"
      actions={shortcuts.map(({ callback_id, name, description }) => ({ key: callback_id, label: name, detail: description }))}
      onChoose={(id) => void api.shortcut(me.id, id).catch((problem: Error) => notify(problem.message))}
    />
  );
}
