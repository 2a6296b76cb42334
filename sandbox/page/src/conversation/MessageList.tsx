import { Fragment, useRef } from "react";
import { dayOf } from "../shared/format";
import { useSession } from "../shared/session";
import type { Message } from "../shared/types";
import { MessageItem } from "./MessageItem";
import { useStayAtEnd } from "./useStayAtEnd";

interface Props {
  messages: Message[] | null;
  label: string;
  empty: string;
  unread?: number;
  onThread?: (ts: string) => void;
}

/** How long one person's messages stay under one name. */
const GROUPED_WITHIN_SECONDS = 300;

export function MessageList({ messages, label, empty, unread = 0, onThread }: Props) {
  const { me } = useSession();
  const list = useRef<HTMLDivElement>(null);
  useStayAtEnd(list, messages, me.id);
  const firstUnread = unread > 0 ? messages?.filter((one) => counts(one, me.id)).at(-unread)?.ts : undefined;
  return (
    <div className="messages" ref={list} tabIndex={0} role="log" aria-label={label} aria-live="polite" data-testid="messages">
      <div className="messages__inner">
        {messages?.length === 0 && <p className="blank">{empty}</p>}
        {messages?.map((message, index) => {
          const before = messages[index - 1];
          const day = dayOf(message.ts, me);
          const newDay = !before || dayOf(before.ts, me) !== day;
          const marked = message.ts === firstUnread;
          return (
            <Fragment key={message.ts}>
              {newDay && <p className="divider">{day}</p>}
              {marked && <p className="divider divider--new">New</p>}
              <MessageItem
                message={message}
                grouped={!newDay && !marked && continues(before, message)}
                onThread={onThread}
              />
            </Fragment>
          );
        })}
      </div>
    </div>
  );
}

/** Whether a message can be unread: one's own and private answers are not. */
function counts(message: Message, me: string): boolean {
  return message.user !== me && !message.ephemeral;
}

function continues(before: Message, message: Message): boolean {
  const close = Number(message.ts) - Number(before.ts) < GROUPED_WITHIN_SECONDS;
  return close && before.user === message.user && !before.ephemeral && !message.ephemeral;
}
