import { useCallback, useState } from "react";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { LiveEvent, Message } from "../shared/types";
import { isReply } from "../shared/useConversations";
import { useFetched } from "../shared/useFetched";

/** The messages of a conversation, or of one thread in it; null until they are there. */
export function useMessages(channel: string, thread?: string): Message[] | null {
  const { me, live, notify } = useSession();
  const [messages, setMessages] = useState<Message[] | null>(null);
  const load = useCallback(
    () => api.messages(me.id, channel, thread).then((answer) => answer.messages),
    [me.id, channel, thread],
  );
  const onEvent = useCallback(
    (event: LiveEvent) => {
      if (!("message" in event) || event.channel !== channel) return false;
      setMessages((now) => now && changed(now, event, thread));
      return true;
    },
    [channel, thread],
  );
  useFetched({ live, load, take: setMessages, onEvent, notify });
  return messages;
}

type MessageEvent = Extract<LiveEvent, { message: unknown }>;

function changed(messages: Message[], event: MessageEvent, thread: string | undefined): Message[] {
  if (event.type === "message_deleted") return without(messages, event.message);
  const { message } = event;
  if (belongs(message, thread)) return withMessage(messages, message, event.type !== "message_changed");
  if (event.type === "message") return withReplyCounted(messages, message);
  return messages;
}

function belongs(message: Message, thread: string | undefined): boolean {
  return thread ? message.ts === thread || message.thread_ts === thread : !isReply(message) || message.broadcast === true;
}

function withMessage(all: Message[], message: Message, isNew: boolean): Message[] {
  if (all.some(({ ts }) => ts === message.ts)) return all.map((one) => (one.ts === message.ts ? message : one));
  return isNew ? [...all, message] : all;
}

function withReplyCounted(all: Message[], { thread_ts }: Message, by = 1): Message[] {
  return all.map((one) => (one.ts === thread_ts ? { ...one, reply_count: (one.reply_count ?? 0) + by } : one));
}

function without(all: Message[], deleted: Message): Message[] {
  const left = all.filter(({ ts }) => ts !== deleted.ts);
  return isReply(deleted) ? withReplyCounted(left, deleted, -1) : left;
}
