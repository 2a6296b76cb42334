import { useId } from "react";
import { Picker } from "../elements/Picker";
import { nameOf } from "./format";
import { useSession } from "./session";

interface Props {
  label: string;
  hint?: string;
  chosen: string[];
  onChoose: (ids: string[]) => void;
  withApp?: boolean;
  /** Who is not offered. */
  without: string[];
  autoFocus?: boolean;
}

/** A labelled choice of several people. */
export function PeoplePicker({ label, hint, chosen, onChoose, withApp = false, without, autoFocus }: Props) {
  const { workspace, people } = useSession();
  const id = useId();
  const choices = workspace.users
    .filter((user) => !user.deleted && !without.includes(user.id))
    .filter((user) => !user.is_bot || (withApp && user.id === workspace.app.bot_user_id))
    .map((user) => ({ key: user.id, label: nameOf(user), detail: user.title || user.email }));
  return (
    <div className="field">
      <label className="field__label" id={id} htmlFor={`${id}-field`}>
        {label}
      </label>
      <Picker
        choices={choices}
        chosen={chosen.map((key) => ({ key, label: nameOf(people.get(key)) }))}
        multiple
        onChoose={onChoose}
        fieldId={`${id}-field`}
        labelledBy={id}
        describedBy={hint ? `${id}-hint` : undefined}
        autoFocus={autoFocus}
      />
      {hint && (
        <p className="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
