import { useState } from "react";
import { Avatar } from "../shared/Avatar";
import { CopyButton } from "../shared/CopyButton";
import { Dialog } from "../shared/Dialog";
import { Fact } from "../shared/Fact";
import { PeoplePicker } from "../shared/PeoplePicker";
import { api } from "../shared/api";
import { conversationTitle, isChannel, nameOf } from "../shared/format";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { ChangeChannel } from "./ChangeChannel";

interface Props {
  conversation: Conversation;
  onClose: () => void;
}

/** Who is in a conversation; a channel takes in more people, or the app, and can be changed. */
export function ConversationDetails({ conversation, onClose }: Props) {
  const { me, people, words, notify } = useSession();
  const [newcomers, setNewcomers] = useState<string[]>([]);
  const { id, topic, shared, archived, members } = conversation;
  const add = () =>
    api.addMembers(me.id, id, newcomers).then(
      () => setNewcomers([]),
      (problem: Error) => notify(problem.message),
    );
  return (
    <Dialog
      title={words.details.title(conversationTitle(conversation, people, me.id))}
      testId="details"
      light
      onClose={onClose}
    >
      <div className="dialog__body dialog__fields">
        {shared && <p className="note">{words.details.sharedHow}</p>}
        <dl className="facts">
          {isChannel(conversation) && <Fact name={words.details.topic}>{topic || words.details.noTopic}</Fact>}
          <Fact name={words.details.id}>
            <code>{id}</code> <CopyButton text={id} />
          </Fact>
        </dl>
        {isChannel(conversation) && <ChangeChannel conversation={conversation} onLeft={onClose} />}
        {isChannel(conversation) && !archived && (
          <div className="details__add">
            <PeoplePicker label={words.details.add} chosen={newcomers} onChoose={setNewcomers} withApp without={members} />
            <button type="button" className="button" disabled={newcomers.length === 0} onClick={add}>
              {words.details.addDo}
            </button>
          </div>
        )}
        <section aria-label={words.details.members}>
          <h3 className="details__title">{words.conversation.members(members.length)}</h3>
          <ul className="details__members">
            {members.map((member) => (
              <Member key={member} id={member} />
            ))}
          </ul>
        </section>
      </div>
    </Dialog>
  );
}

function Member({ id }: { id: string }) {
  const { people, words } = useSession();
  const user = people.get(id);
  return (
    <li>
      <Avatar user={user} />
      <span className="finder__text">
        <strong>{nameOf(user)}</strong>
        <small>{user?.title}</small>
      </span>
      {user?.team && <span className="badge badge--gold">{words.details.from(user.team)}</span>}
      {user?.is_bot && <span className="badge">{words.people.app}</span>}
      {user?.active && !user.is_bot && <span className="badge badge--accent">{words.details.active}</span>}
    </li>
  );
}
