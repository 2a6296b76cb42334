import { Mrkdwn } from "../blocks/Mrkdwn";
import { Avatar } from "../shared/Avatar";
import { Icon } from "../shared/Icon";
import { clockTime, fullTime, language } from "../shared/format";
import { useSession } from "../shared/session";
import type { Message } from "../shared/types";
import { MessageContent } from "./MessageContent";

interface Props {
  message: Message;
  /** Follows another message of the same author: the name is not repeated. */
  grouped: boolean;
  onThread?: (ts: string) => void;
}

export function MessageItem({ message, grouped, onThread }: Props) {
  const { me, people } = useSession();
  const author = people.get(message.user);
  const name = message.username || author?.real_name || author?.name || message.user;
  const classes = ["message", grouped && "message--grouped", message.ephemeral && "message--ephemeral"];
  const time = (
    <time dateTime={new Date(Number(message.ts) * 1000).toISOString()} title={fullTime(message.ts, me)}>
      {clockTime(message.ts, me)}
    </time>
  );
  return (
    <article className={classes.filter(Boolean).join(" ")} aria-label={`${name}, ${clockTime(message.ts, me)}`} data-testid="message" data-ts={message.ts}>
      <div className="message__side">{grouped ? time : <Avatar user={author} />}</div>
      <div className="message__main" lang={language(me)}>
        {message.ephemeral && (
          <p className="message__private">
            <Icon name="eye" /> Only visible to you
          </p>
        )}
        {message.response_to && <p className="message__command">{message.response_to}</p>}
        {!grouped && (
          <p className="message__author">
            <strong>{name}</strong>
            {author?.is_bot && <span className="badge">app</span>}
            {time}
          </p>
        )}
        <MessageContent message={message} />
        {message.edited && <span className="message__edited" title={fullTime(message.edited.ts, me)}>(edited)</span>}
        {message.reactions && <Reactions reactions={message.reactions} />}
        {onThread && <ThreadLink message={message} onThread={onThread} />}
      </div>
    </article>
  );
}

function Reactions({ reactions }: { reactions: Record<string, string[]> }) {
  return (
    <ul className="reactions" aria-label="Reactions">
      {Object.entries(reactions).map(([name, users]) => (
        <li key={name}>
          <Mrkdwn text={{ type: "mrkdwn", text: `:${name}:` }} /> {users.length}
        </li>
      ))}
    </ul>
  );
}

function ThreadLink({ message, onThread }: { message: Message; onThread: (ts: string) => void }) {
  if (message.ephemeral) return null;
  const replies = message.reply_count ?? 0;
  return (
    <button
      type="button"
      className={replies > 0 ? "message__replies" : "message__replies message__replies--none"}
      data-testid="open-thread"
      onClick={() => onThread(message.ts)}
    >
      <Icon name="reply" />
      {replies === 0 ? "Reply" : replies === 1 ? "1 reply" : `${replies} replies`}
    </button>
  );
}
