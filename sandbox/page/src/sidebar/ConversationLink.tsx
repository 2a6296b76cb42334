import { Icon } from "../shared/Icon";
import { draftKey, useDraft } from "../shared/drafts";
import { conversationTitle } from "../shared/format";
import { formatRoute } from "../shared/route";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { ConversationMark } from "./ConversationMark";

interface Props {
  conversation: Conversation;
  isCurrent: boolean;
}

export function ConversationLink({ conversation, isCurrent }: Props) {
  const { me, people, words } = useSession();
  const { id, kind, unread, shared } = conversation;
  const draft = useDraft(draftKey(me.id, id));
  const classes = ["conversation", isCurrent && "conversation--current", unread > 0 && "conversation--unread"];
  return (
    <a
      className={classes.filter(Boolean).join(" ")}
      href={formatRoute({ user: me.id, channel: id })}
      aria-current={isCurrent ? "page" : undefined}
      data-testid={`conversation-${id}`}
    >
      <ConversationMark conversation={conversation} />
      <span className="conversation__name">{conversationTitle(conversation, people, me.id)}</span>
      {kind === "private" && <span className="hidden">({words.sidebar.private})</span>}
      {shared && <span className="badge">{words.sidebar.shared}</span>}
      {draft && !isCurrent && (
        <span className="conversation__draft" title={words.sidebar.draft}>
          <Icon name="pencil" />
          <span className="hidden">({words.sidebar.draft})</span>
        </span>
      )}
      {unread > 0 && (
        <span className="unread" role="img" aria-label={words.sidebar.unread(unread)}>
          {unread}
        </span>
      )}
    </a>
  );
}
