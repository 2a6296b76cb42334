import { Avatar } from "../shared/Avatar";
import { type Found, SearchDialog } from "../shared/SearchDialog";
import { api } from "../shared/api";
import { conversationTitle, nameOf } from "../shared/format";
import { useSession } from "../shared/session";
import type { Conversation, User } from "../shared/types";
import { ConversationMark } from "./ConversationMark";

interface Target extends Found {
  /** The conversation, or the person to write to for the first time. */
  conversation?: string;
  person?: string;
}

/** Goes to a conversation, or starts one with a person, by typing a few letters. */
export function QuickSwitcher({ onClose }: { onClose: () => void }) {
  const { me, workspace, conversations, people, words, go, notify } = useSession();
  const known = new Set(conversations.map(({ user }) => user));
  const strangers = workspace.users.filter((user) => !user.is_bot && !user.deleted && user.id !== me.id && !known.has(user.id));
  const places: Target[] = [...conversations].sort(byUnread).map((conversation) => ({
    key: conversation.id,
    conversation: conversation.id,
    text: `${conversationTitle(conversation, people, me.id)} ${conversation.topic ?? ""} ${people.get(conversation.user ?? "")?.name ?? ""}`,
    row: <PlaceRow conversation={conversation} title={conversationTitle(conversation, people, me.id)} />,
  }));
  const persons: Target[] = strangers.map((user) => ({
    key: user.id,
    person: user.id,
    text: [user.real_name, user.name, user.title].join(" "),
    row: <StrangerRow user={user} />,
  }));

  const choose = async ({ conversation, person }: Target) => {
    if (conversation) return go({ channel: conversation });
    try {
      const { id } = await api.openDirect(me.id, [person ?? ""]);
      go({ channel: id });
    } catch (problem) {
      notify((problem as Error).message);
    }
  };
  return (
    <SearchDialog
      title={words.jump.title}
      testId="quick-switcher"
      label={words.jump.find}
      listLabel={words.jump.list}
      hint={words.jump.find}
      none={words.jump.none}
      items={[...places, ...persons]}
      onChoose={(target) => void choose(target)}
      onClose={onClose}
    />
  );
}

function byUnread(one: Conversation, other: Conversation): number {
  return Math.sign(other.unread) - Math.sign(one.unread);
}

function PlaceRow({ conversation, title }: { conversation: Conversation; title: string }) {
  const { words } = useSession();
  return (
    <>
      <ConversationMark conversation={conversation} />
      <span className="finder__text finder__text--line">
        <strong>{title}</strong>
        <small>{conversation.topic}</small>
      </span>
      {conversation.unread > 0 && <span className="unread">{words.sidebar.unread(conversation.unread)}</span>}
    </>
  );
}

function StrangerRow({ user }: { user: User }) {
  const { words } = useSession();
  return (
    <>
      <Avatar user={user} small />
      <span className="finder__text finder__text--line">
        <strong>{nameOf(user)}</strong>
        <small>{user.title}</small>
      </span>
      <span className="finder__note">{words.jump.write}</span>
    </>
  );
}
