import { useCallback, useEffect, useState } from "react";
import { Composer } from "../composer/Composer";
import { conversationTitle, isChannel, signedTitle } from "../shared/format";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { useVisible } from "../shared/useVisible";
import { MessageList } from "./MessageList";
import { ThreadPanel } from "./ThreadPanel";
import { Beginning } from "./Beginning";
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
  const { go, words } = useSession();
  const { id } = conversation;
  const messages = useMessages(id);
  const isVisible = useVisible();
  // How many were unread when the conversation was opened: the mark stays while one reads.
  const [unreadAtFirst] = useState(conversation.unread);
  const newest = messages?.findLast(({ ephemeral }) => !ephemeral)?.ts;
  useEffect(() => {
    if (newest && isVisible) onRead(id, newest);
  }, [id, newest, isVisible, onRead]);

  const openThread = useCallback(
    (ts: string | undefined) => go({ channel: id, place: ts ?? mainPlace }),
    [go, id, mainPlace],
  );
  return (
    <div className={thread ? "body body--thread" : "body"}>
      <div className="column">
        <MessageList
          messages={messages}
          label={words.conversation.messages}
          unread={unreadAtFirst}
          beginning={<Beginning conversation={conversation} canWrite={!readOnly} />}
          onThread={openThread}
        />
        <Foot conversation={conversation} readOnly={readOnly} />
      </div>
      {thread && <ThreadPanel key={thread} channel={id} thread={thread} onClose={() => openThread(undefined)} />}
    </div>
  );
}

/** Where one writes, or why one cannot. */
function Foot({ conversation, readOnly }: { conversation: Conversation; readOnly: boolean }) {
  const { me, people, words, notify } = useSession();
  const { id, members, archived } = conversation;
  if (archived) return <p className="composer__off">{words.conversation.archivedHere}</p>;
  if (readOnly) return <p className="composer__off">{words.conversation.readOnly}</p>;
  if (!members.includes(me.id)) {
    const join = () => api.addMembers(me.id, id, [me.id]).catch((problem: Error) => notify(problem.message));
    return (
      <div className="composer__off">
        <p>{words.conversation.notIn(signedTitle(conversation, people, me.id))}</p>
        <button type="button" className="button button--primary" onClick={join}>
          {words.conversation.join}
        </button>
      </div>
    );
  }
  const title = conversationTitle(conversation, people, me.id);
  const { channel, person } = words.composer;
  return <Composer channel={id} title={isChannel(conversation) ? channel(title) : person(title)} />;
}
