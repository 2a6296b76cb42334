import { useCallback, useEffect, useState } from "react";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { LiveEvent, Message } from "../shared/types";
import { isReply } from "../shared/useConversations";
import { useLiveEvents } from "../shared/useLive";

/** The messages of a conversation, or of one thread in it; null until they are there. */
export function useMessages(channel: string, thread?: string): Message[] | null {
  const { me, live, notify } = useSession();
  const [messages, setMessages] = useState<Message[] | null>(null);
  const reload = useCallback(() => {
    api
      .messages(me.id, channel, thread)
      .then((answer) => setMessages(answer.messages), (problem: Error) => notify(problem.message));
  }, [me.id, channel, thread, notify]);
  useEffect(reload, [reload]);

  const onEvent = useCallback(
    (event: LiveEvent) => {
      if (event.type === "reconnected") reload();
      if (!("channel" in event) || event.channel !== channel) return;
      if (event.type === "message_deleted") {
        setMessages((now) => now && now.filter(({ ts }) => ts !== event.message.ts));
      } else if (belongs(event.message, thread)) {
        setMessages((now) => now && withMessage(now, event.message, event.type !== "message_changed"));
      } else if (isReply(event.message) && !thread) {
        // A reply changes its parent's count, which only the server knows.
        reload();
      }
    },
    [reload, channel, thread],
  );
  useLiveEvents(live, onEvent);
  return messages;
}

function belongs(message: Message, thread: string | undefined): boolean {
  return thread ? message.ts === thread || message.thread_ts === thread : !isReply(message);
}

function withMessage(all: Message[], message: Message, isNew: boolean): Message[] {
  if (all.some(({ ts }) => ts === message.ts)) return all.map((one) => (one.ts === message.ts ? message : one));
  return isNew ? [...all, message] : all;
}
