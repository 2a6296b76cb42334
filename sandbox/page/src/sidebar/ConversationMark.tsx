import { Avatar } from "../shared/Avatar";
import { Icon } from "../shared/Icon";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";

/** The sign before a conversation's name: what kind it is, or whose. */
export function ConversationMark({ conversation }: { conversation: Conversation }) {
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
