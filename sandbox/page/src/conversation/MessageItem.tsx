import { memo, useState } from "react";
import { Mrkdwn } from "../blocks/Mrkdwn";
import { Avatar } from "../shared/Avatar";
import { Icon } from "../shared/Icon";
import { api } from "../shared/api";
import { clockTime, fullTime, isoTime, language, nameOf } from "../shared/format";
import { useSession, useWords } from "../shared/session";
import type { Message } from "../shared/types";
import { EditMessage } from "./EditMessage";
import { MessageContent } from "./MessageContent";
import { MessageTools } from "./MessageTools";
import { Reactions } from "./Reactions";

interface Props {
  message: Message;
  /** Follows another message of the same author: the name is not repeated. */
  grouped: boolean;
  onThread?: (ts: string) => void;
}

export const MessageItem = memo(function MessageItem({ message, grouped, onThread }: Props) {
  const { me, people } = useSession();
  const name = message.username || nameOf(people.get(message.user));
  const classes = ["message", grouped && "message--grouped", message.ephemeral && "message--ephemeral"];
  if (message.subtype) return <WhatHappened message={message} />;
  return (
    <article
      className={classes.filter(Boolean).join(" ")}
      tabIndex={-1}
      aria-label={`${name}, ${clockTime(message.ts, me)}`}
      data-testid="message"
      data-ts={message.ts}
    >
      <div className="message__side">
        {grouped ? <Time message={message} /> : <Avatar user={people.get(message.user)} />}
      </div>
      <div className="message__main">
        {message.ephemeral && <OnlyYou message={message} />}
        {message.response_to && <p className="message__command">{message.response_to}</p>}
        {!grouped && <Author message={message} name={name} />}
        <Said message={message} onThread={onThread} />
      </div>
    </article>
  );
});

/** A line that tells of somebody who joined, of a new topic and the like. */
function WhatHappened({ message }: { message: Message }) {
  return (
    <article className="happened" tabIndex={-1} data-testid="happened" data-ts={message.ts}>
      <Mrkdwn text={{ type: "mrkdwn", text: message.text }} />
      <Time message={message} />
    </article>
  );
}

function Time({ message }: { message: Message }) {
  const { me } = useSession();
  return (
    <time dateTime={isoTime(message.ts, me)} title={fullTime(message.ts, me)}>
      {clockTime(message.ts, me)}
    </time>
  );
}

function Author({ message, name }: { message: Message; name: string }) {
  const { people, words } = useSession();
  const author = people.get(message.user);
  return (
    <p className="message__author">
      <strong>{name}</strong>
      {author?.is_bot && <span className="badge">{words.message.app}</span>}
      {author?.team && <span className="badge badge--gold">{author.team}</span>}
      <Time message={message} />
      {message.pinned_by && <small>{words.message.pinned(nameOf(people.get(message.pinned_by)))}</small>}
    </p>
  );
}

/** The content, or its editor, with what one may do about it. */
function Said({ message, onThread }: { message: Message; onThread?: (ts: string) => void }) {
  const { me, words, notify } = useSession();
  const [editing, setEditing] = useState(false);
  const react = (emoji: string) =>
    api.react(me.id, message.channel, message.ts, emoji).catch((problem: Error) => notify(problem.message));
  if (editing) return <EditMessage message={message} onClose={() => setEditing(false)} />;
  return (
    <>
      <div lang={language(me)}>
        <MessageContent message={message} />
      </div>
      {message.edited && (
        <span className="message__edited" title={fullTime(message.edited.ts, me)}>
          {words.message.edited}
        </span>
      )}
      {message.reactions && <Reactions reactions={message.reactions} onReact={react} />}
      {onThread && <ThreadLink message={message} onThread={onThread} />}
      {!message.ephemeral && (
        <MessageTools message={message} onReact={react} onEdit={() => setEditing(true)} onThread={onThread} />
      )}
    </>
  );
}

/** The head of an ephemeral message, which can be put away. */
function OnlyYou({ message }: { message: Message }) {
  const { me, words, notify } = useSession();
  const dismiss = () =>
    api.dismiss(me.id, message.channel, message.ts).catch((problem: Error) => notify(problem.message));
  return (
    <p className="message__private">
      <Icon name="eye" />
      <span>{words.message.onlyYou}</span>
      <button type="button" className="message__dismiss" onClick={dismiss}>
        {words.message.dismiss}
      </button>
    </p>
  );
}

function ThreadLink({ message, onThread }: { message: Message; onThread: (ts: string) => void }) {
  const words = useWords();
  const replies = message.reply_count ?? 0;
  if (replies === 0) return null;
  return (
    <button type="button" className="message__replies" data-testid="open-thread" onClick={() => onThread(message.ts)}>
      <Icon name="reply" />
      {words.message.replies(replies)}
    </button>
  );
}
