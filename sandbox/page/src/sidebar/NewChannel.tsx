import { type FormEvent, useId, useState } from "react";
import { Dialog } from "../shared/Dialog";
import { PeoplePicker } from "../shared/PeoplePicker";
import { api } from "../shared/api";
import { useSession } from "../shared/session";

const NAME = /^[\p{Ll}\p{Lo}\p{N}_-]{1,80}$/u;

/** Makes a channel with oneself and the app in it. */
export function NewChannel({ onClose }: { onClose: () => void }) {
  const { me, workspace, words, go, notify } = useSession();
  const [name, setName] = useState("");
  const [isPrivate, setPrivate] = useState(false);
  const [members, setMembers] = useState([workspace.app.bot_user_id]);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();

  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (!NAME.test(name)) return setProblem(words.create.badName);
    try {
      const made = await api.createChannel(name, [me.id, ...members], isPrivate);
      onClose();
      go({ channel: made.id });
    } catch (refusal) {
      notify((refusal as Error).message);
    }
  };
  return (
    <Dialog title={words.create.channel} testId="new-channel" onClose={onClose}>
      <form className="dialog__form" noValidate onSubmit={make}>
        <div className="dialog__body dialog__fields">
          <div className={problem ? "field field--wrong" : "field"}>
            <label className="field__label" htmlFor={id}>
              {words.create.name}
            </label>
            <input
              id={id}
              className="input"
              autoFocus
              autoComplete="off"
              value={name}
              aria-invalid={problem !== null}
              aria-describedby={`${id}-hint`}
              onChange={(event) => setName(event.target.value)}
            />
            <p className={problem ? "field__error" : "field__hint"} id={`${id}-hint`} role={problem ? "alert" : undefined}>
              {problem ?? words.create.nameHint}
            </p>
          </div>
          <label className="choice">
            <input type="checkbox" checked={isPrivate} onChange={(event) => setPrivate(event.target.checked)} />
            <span>{words.create.private}</span>
          </label>
          <PeoplePicker label={words.create.members} chosen={members} onChoose={setMembers} withApp without={[me.id]} />
        </div>
        <footer className="dialog__footer">
          <button type="button" className="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className="button button--primary">
            {words.create.make}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
