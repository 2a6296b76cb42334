import { type FormEvent, useState } from "react";
import { Dialog } from "../shared/Dialog";
import { PeoplePicker } from "../shared/PeoplePicker";
import { api } from "../shared/api";
import { useSession } from "../shared/session";

/** Opens the direct message with one person, or with several. */
export function NewMessage({ onClose }: { onClose: () => void }) {
  const { me, words, go, notify } = useSession();
  const [members, setMembers] = useState<string[]>([]);

  const start = async (event: FormEvent) => {
    event.preventDefault();
    if (members.length === 0) return notify(words.create.nobody);
    try {
      const { id } = await api.openDirect(me.id, members);
      onClose();
      go({ channel: id });
    } catch (refusal) {
      notify((refusal as Error).message);
    }
  };
  return (
    <Dialog title={words.create.message} testId="new-message" onClose={onClose}>
      <form className="dialog__form" onSubmit={start}>
        <div className="dialog__body dialog__fields">
          <PeoplePicker
            label={words.create.to}
            hint={words.create.toHint}
            chosen={members}
            onChoose={setMembers}
            without={[me.id]}
            autoFocus
          />
        </div>
        <footer className="dialog__footer">
          <button type="button" className="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" className="button button--primary">
            {words.create.start}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
