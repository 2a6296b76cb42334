import { type FormEvent, useId, useState } from "react";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";

interface Props {
  conversation: Conversation;
  onLeft: () => void;
}

/** What a member may change about a channel: its topic, whether it is archived, whether one is in it. */
export function ChangeChannel({ conversation, onLeft }: Props) {
  const { me, words, notify } = useSession();
  const { id, topic = "", archived, members } = conversation;
  const [next, setNext] = useState(topic);
  const field = useId();
  const attempt = (change: Promise<unknown>) => change.catch((problem: Error) => notify(problem.message));
  const setTopic = (event: FormEvent) => {
    event.preventDefault();
    void attempt(api.changeChannel(me.id, id, { topic: next.trim() }));
  };
  if (!members.includes(me.id)) return null;
  return (
    <>
      {!archived && (
        <form className="details__add" onSubmit={setTopic}>
          <div className="field">
            <label className="field__label" htmlFor={field}>
              {words.details.setTopic}
            </label>
            <input id={field} className="input" value={next} onChange={(event) => setNext(event.target.value)} />
          </div>
          <button type="submit" className="button" disabled={next.trim() === topic}>
            {words.message.save}
          </button>
        </form>
      )}
      <div className="faults__now">
        <button type="button" className="button" onClick={() => attempt(api.leave(me.id, id).then(onLeft))}>
          {words.details.leave}
        </button>
        <button type="button" className="button" onClick={() => attempt(api.changeChannel(me.id, id, { archived: !archived }))}>
          {archived ? words.details.unarchive : words.details.archive}
        </button>
      </div>
    </>
  );
}
