import { useEffect, useState } from "react";
import { conversationTitle } from "../shared/format";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";
import { ThreadPanel } from "./ThreadPanel";
import { useMessages } from "./useMessages";

interface Props {
  conversation: Conversation;
  thread: string | undefined;
  /** The route's place when no thread is open. */
  mainPlace?: string;
  /** The app does not want to be written to. */
  readOnly?: boolean;
  onRead: (channel: string, ts: string) => void;
}

/** Messages, the composer below them and an open thread beside them. */
export function ConversationBody({ conversation, thread, mainPlace, readOnly = false, onRead }: Props) {
  const { go, people } = useSession();
  const messages = useMessages(conversation.id);
  // How many were unread when the conversation was opened: the mark stays while one reads.
  const [unreadAtFirst] = useState(conversation.unread);
  const newest = messages?.findLast(({ ephemeral }) => !ephemeral)?.ts;
  useEffect(() => {
    if (newest) onRead(conversation.id, newest);
  }, [conversation.id, newest, onRead]);

  const openThread = (ts: string | undefined) => go({ channel: conversation.id, place: ts ?? mainPlace });
  return (
    <div className={thread ? "body body--thread" : "body"}>
      <div className="column">
        <MessageList
          messages={messages}
          label="Messages"
          unread={unreadAtFirst}
          empty="Nothing has been said here yet."
          onThread={openThread}
        />
        {readOnly ? (
          <p className="composer__off">Sending messages to this app has been turned off.</p>
        ) : (
          <Composer channel={conversation.id} title={placeholder(conversation, conversationTitle(conversation, people))} />
        )}
      </div>
      {thread && <ThreadPanel key={thread} channel={conversation.id} thread={thread} onClose={() => openThread(undefined)} />}
    </div>
  );
}

function placeholder({ kind }: Conversation, title: string): string {
  return kind === "channel" || kind === "private" ? `Message #${title}` : `Message ${title}`;
}
