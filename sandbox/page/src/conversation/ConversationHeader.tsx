import type { ReactNode } from "react";
import { Icon } from "../shared/Icon";
import { formatRoute } from "../shared/route";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";

interface Props {
  conversation: Conversation;
  title: string;
  children?: ReactNode;
}

export function ConversationHeader({ conversation, title, children }: Props) {
  const { me } = useSession();
  const { kind, members, topic, shared } = conversation;
  const isChannel = kind === "channel" || kind === "private";
  return (
    <header className="header" data-testid="header">
      <a className="icon-button header__back" href={formatRoute({ user: me.id })} aria-label="All conversations">
        <Icon name="back" />
      </a>
      <div className="header__text">
        <h2>
          {isChannel && <Icon name={kind === "private" ? "lock" : "hash"} />}
          <span>{title}</span>
          {kind === "private" && <span className="badge">private</span>}
          {shared && <span className="badge">shared with another company</span>}
        </h2>
        {(isChannel || topic) && (
          <p>{[isChannel && `${members.length} members`, topic].filter(Boolean).join(" · ")}</p>
        )}
      </div>
      {children}
    </header>
  );
}
