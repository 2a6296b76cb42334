import { type ReactNode, useState } from "react";
import { Icon } from "../shared/Icon";
import { isChannel } from "../shared/format";
import { useNarrow } from "../shared/media";
import { formatRoute } from "../shared/route";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { ConversationDetails } from "./ConversationDetails";

interface Props {
  conversation: Conversation;
  title: string;
  children?: ReactNode;
}

export function ConversationHeader({ conversation, title, children }: Props) {
  const { me, workspace, words } = useSession();
  const narrow = useNarrow();
  const [detailed, setDetailed] = useState(false);
  const { kind, members, topic, shared, archived } = conversation;
  return (
    <header className="header" data-testid="header">
      {/* Where the list is not in view, nothing else says which workspace this is. */}
      {narrow && <h1 className="hidden">{workspace.team.name}</h1>}
      <a className="icon-button header__back" href={formatRoute({ user: me.id })} aria-label={words.conversation.back}>
        <Icon name="back" />
      </a>
      <div className="header__text">
        <h2>
          {isChannel(conversation) && <Icon name={kind === "private" ? "lock" : "hash"} />}
          <span>{title}</span>
          {kind === "private" && <span className="badge">{words.conversation.private}</span>}
          {shared && <span className="badge badge--gold">{words.conversation.shared}</span>}
          {archived && <span className="badge">{words.conversation.archived}</span>}
        </h2>
        {topic && <p>{topic}</p>}
      </div>
      {children}
      {kind !== "im" && kind !== "app" && (
        <button
          type="button"
          className="header__members"
          data-testid="open-details"
          aria-label={`${words.conversation.details}, ${words.conversation.members(members.length)}`}
          onClick={() => setDetailed(true)}
        >
          <Icon name="people" />
          <span>{members.length}</span>
        </button>
      )}
      {detailed && <ConversationDetails conversation={conversation} onClose={() => setDetailed(false)} />}
    </header>
  );
}
