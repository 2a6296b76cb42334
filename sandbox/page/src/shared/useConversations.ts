import { useCallback, useState } from "react";
import { api } from "./api";
import type { Live } from "./live";
import type { Conversation, LiveEvent } from "./types";
import { useFetched } from "./useFetched";

/** A person's conversations, kept up to date; whoever shows one's messages marks it read. */
export function useConversations(user: string, live: Live, notify: (sentence: string) => void) {
  const [conversations, setConversations] = useState<Conversation[]>([]);
  const load = useCallback(() => api.conversations(user).then((answer) => answer.conversations), [user]);
  const onEvent = useCallback(
    (event: LiveEvent) => {
      if (event.type === "conversation") {
        setConversations((now) => withConversation(now, event.conversation));
        return true;
      }
      if (event.type === "conversation_gone") {
        setConversations((now) => now.filter(({ id }) => id !== event.channel));
        return true;
      }
      if (event.type !== "message" || event.message.user === user || isReply(event.message)) return false;
      // That somebody joined is nothing to read.
      if (event.message.subtype) return false;
      setConversations((now) => now.map((one) => (one.id === event.channel ? withUnread(one, event.message.ts) : one)));
      return true;
    },
    [user],
  );
  useFetched({ live, load, take: setConversations, onEvent, notify });

  const markRead = useCallback(
    (channel: string, ts: string) => {
      setConversations((now) => now.map((one) => (one.id === channel ? { ...one, unread: 0 } : one)));
      api.read(user, channel, ts).catch((problem: Error) => notify(problem.message));
    },
    [user, notify],
  );
  return { conversations, markRead };
}

export function isReply({ ts, thread_ts }: { ts: string; thread_ts?: string }): boolean {
  return thread_ts !== undefined && thread_ts !== ts;
}

function withUnread(conversation: Conversation, ts: string): Conversation {
  return { ...conversation, unread: conversation.unread + 1, last_ts: ts };
}

function withConversation(all: Conversation[], changed: Conversation): Conversation[] {
  const known = all.some(({ id }) => id === changed.id);
  return known ? all.map((one) => (one.id === changed.id ? changed : one)) : [...all, changed];
}
