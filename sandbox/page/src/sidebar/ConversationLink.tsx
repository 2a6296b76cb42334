import { Avatar } from "../shared/Avatar";
import { Icon } from "../shared/Icon";
import { conversationTitle } from "../shared/format";
import { formatRoute } from "../shared/route";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";

interface Props {
  conversation: Conversation;
  isCurrent: boolean;
}

export function ConversationLink({ conversation, isCurrent }: Props) {
  const { me, people } = useSession();
  const { id, kind, unread, shared } = conversation;
  const classes = ["conversation", isCurrent && "conversation--current", unread > 0 && "conversation--unread"];
  return (
    <a
      className={classes.filter(Boolean).join(" ")}
      href={formatRoute({ user: me.id, channel: id })}
      aria-current={isCurrent ? "page" : undefined}
      data-testid={`conversation-${id}`}
    >
      <Mark conversation={conversation} />
      <span className="conversation__name">{conversationTitle(conversation, people)}</span>
      {kind === "private" && <span className="hidden"> (private)</span>}
      {shared && <span className="badge">shared</span>}
      {unread > 0 && (
        <span className="unread" aria-label={`${unread} unread`}>
          {unread}
        </span>
      )}
    </a>
  );
}

function Mark({ conversation }: { conversation: Conversation }) {
  const { people, workspace } = useSession();
  switch (conversation.kind) {
    case "channel":
      return <Icon name="hash" />;
    case "private":
      return <Icon name="lock" />;
    case "mpim":
      return <Icon name="people" />;
    case "im":
      return <Avatar user={people.get(conversation.user ?? "")} small />;
    case "app":
      return <Avatar user={people.get(workspace.app.bot_user_id)} small />;
  }
}
