import { conversationTitle } from "../shared/format";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { ConversationBody } from "./ConversationBody";
import { ConversationHeader } from "./ConversationHeader";

interface Props {
  conversation: Conversation;
  thread: string | undefined;
  onRead: (channel: string, ts: string) => void;
}

export function ConversationView({ conversation, thread, onRead }: Props) {
  const { people, me } = useSession();
  return (
    <main className="main" id="main" tabIndex={-1} data-testid="conversation" data-region>
      <ConversationHeader conversation={conversation} title={conversationTitle(conversation, people, me.id)} />
      <ConversationBody conversation={conversation} thread={thread} onRead={onRead} />
    </main>
  );
}
