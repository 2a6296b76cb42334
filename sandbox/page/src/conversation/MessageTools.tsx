import { useState } from "react";
import { useConfirm } from "../elements/confirm";
import { type Action, ActionMenu } from "../shared/ActionMenu";
import { EmojiPicker } from "../shared/EmojiPicker";
import { Icon, type IconName } from "../shared/Icon";
import { api } from "../shared/api";
import { useTouch } from "../shared/media";
import { formatRoute } from "../shared/route";
import { useSession } from "../shared/session";
import type { ConfirmDialog, Message } from "../shared/types";
import type { Words } from "../words";

interface Props {
  message: Message;
  onReact: (name: string) => void;
  onEdit: () => void;
  onThread?: (ts: string) => void;
}

/** What one may do with a message; shown where one points or tabs to. On a touch screen all of it is in the list. */
export function MessageTools({ message, onReact, onEdit, onThread }: Props) {
  const { words } = useSession();
  const [reacting, setReacting] = useState(false);
  const touch = useTouch();
  const thread = onThread && (() => onThread(message.ts));
  const react = () => setReacting(true);
  const more = useMore(message, { edit: onEdit, ...(touch && { react, reply: thread }) });
  const button = (icon: IconName, label: string, onClick: () => void, testId?: string) => (
    <button
      type="button"
      className="icon-button icon-button--small"
      aria-label={label}
      title={label}
      data-testid={testId}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div className="message__tools">
      {!touch && button("smile", words.message.react, react)}
      {!touch && thread && button("reply", words.message.reply, thread, message.reply_count ? undefined : "open-thread")}
      <ActionMenu
        label={words.message.more}
        icon="more"
        className="icon-button icon-button--small"
        actions={more.actions}
        onChoose={more.choose}
      />
      {reacting && <EmojiPicker onChoose={onReact} onClose={() => setReacting(false)} />}
    </div>
  );
}

const SHORTCUT = "shortcut:";

interface Own {
  react?: () => void;
  reply?: () => void;
  edit: () => void;
}

/** The list of what one may do: with one's own messages more than with others'. */
function useMore(message: Message, own: Own): { actions: Action[]; choose: (key: string) => void } {
  const { me, workspace, words, notify } = useSession();
  const confirm = useConfirm();
  const { channel, ts } = message;
  const isMine = message.user === me.id;
  const actions = [
    own.react && { key: "react", label: words.message.react },
    own.reply && { key: "reply", label: words.message.reply },
    ...workspace.shortcuts
      .filter(({ type }) => type === "message")
      .map(({ callback_id, name, description }) => ({ key: SHORTCUT + callback_id, label: name, detail: description })),
    { key: "link", label: words.message.copyLink },
    isMine && { key: "edit", label: words.message.edit },
    isMine && { key: "delete", label: words.message.delete },
  ];
  const act = async (key: string) => {
    if (key.startsWith(SHORTCUT)) return api.shortcut(me.id, key.slice(SHORTCUT.length), { channel, ts });
    if (key === "react" || key === "reply" || key === "edit") return own[key]?.();
    if (key === "delete" && (await confirm(deletion(words)))) return api.delete(me.id, channel, ts);
    if (key !== "link") return;
    const route = formatRoute({ user: me.id, channel, place: ts });
    await navigator.clipboard.writeText(new URL(route, window.location.href).href);
    notify(words.message.linkCopied);
  };
  return {
    actions: actions.filter((action) => typeof action === "object"),
    choose: (key) => void act(key).catch((problem: Error) => notify(problem.message)),
  };
}

function deletion({ message, cancel }: Words): ConfirmDialog {
  const plain = (text: string) => ({ type: "plain_text", text }) as const;
  return {
    title: plain(message.deleteTitle),
    text: plain(message.deleteText),
    confirm: plain(message.delete),
    deny: plain(cancel),
    style: "danger",
  };
}
