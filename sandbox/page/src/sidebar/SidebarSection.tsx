import { Icon } from "../shared/Icon";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { ConversationLink } from "./ConversationLink";

interface Props {
  title: string;
  conversations: Conversation[];
  /** What the button beside the title makes. */
  add?: string;
  onAdd?: () => void;
}

export function SidebarSection({ title, conversations, add, onAdd }: Props) {
  const { current } = useSession();
  return (
    <section aria-label={title}>
      <div className="sidebar__title">
        <h2>{title}</h2>
        {add && (
          <button type="button" className="icon-button icon-button--small" aria-label={add} title={add} onClick={onAdd}>
            <Icon name="plus" />
          </button>
        )}
      </div>
      <ul>
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <ConversationLink conversation={conversation} isCurrent={conversation.id === current?.id} />
          </li>
        ))}
      </ul>
    </section>
  );
}
