import { Fragment, type KeyboardEvent, type ReactNode, useRef } from "react";
import { Icon } from "../shared/Icon";
import { dayOf, spokenDay } from "../shared/format";
import { walk } from "../shared/keyboard";
import { useSession } from "../shared/session";
import type { Message } from "../shared/types";
import { MessageItem } from "./MessageItem";
import { useStayAtEnd } from "./useStayAtEnd";

interface Props {
  messages: Message[] | null;
  label: string;
  /** Shown before the first message. */
  beginning: ReactNode;
  unread?: number;
  onThread?: (ts: string) => void;
}

/** How long one person's messages stay under one name. */
const GROUPED_WITHIN_SECONDS = 300;

export function MessageList({ messages, label, beginning, unread = 0, onThread }: Props) {
  const { me, words } = useSession();
  const list = useRef<HTMLDivElement>(null);
  const { isAway, missed, toEnd } = useStayAtEnd(list, messages, me.id);
  const firstUnread = unread > 0 ? messages?.filter((one) => counts(one, me.id)).at(-unread)?.ts : undefined;
  return (
    <div className="messages__frame">
      <div
        className="messages"
        ref={list}
        tabIndex={0}
        role="log"
        // The announcer reads new messages out by their text; a list of blocks would be read whole.
        aria-live="off"
        aria-label={label}
        data-testid="messages"
        onKeyDown={(event: KeyboardEvent<HTMLDivElement>) => walk(event, "article")}
      >
        <div className="messages__inner">
          {messages && beginning}
          {messages?.map((message, index) => {
            const before = messages[index - 1];
            const newDay = !before || dayOf(before.ts, me) !== dayOf(message.ts, me);
            const marked = message.ts === firstUnread;
            return (
              <Fragment key={message.ts}>
                {newDay && <p className="divider">{spokenDay(message.ts, me, words)}</p>}
                {marked && <p className="divider divider--new">{words.conversation.unreadFrom}</p>}
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
      {isAway && (
        <button type="button" className="newest" data-testid="newest" onClick={toEnd}>
          <Icon name="newest" />
          {missed > 0 ? words.conversation.newer(missed) : words.conversation.newest}
        </button>
      )}
    </div>
  );
}

/** Whether a message can be unread: one's own and private answers are not. */
function counts(message: Message, me: string): boolean {
  return message.user !== me && !message.ephemeral && !message.subtype;
}

function continues(before: Message, message: Message): boolean {
  const close = Number(message.ts) - Number(before.ts) < GROUPED_WITHIN_SECONDS;
  const plain = [before, message].every(({ ephemeral, subtype }) => !ephemeral && !subtype);
  return close && plain && before.user === message.user && before.username === message.username;
}
