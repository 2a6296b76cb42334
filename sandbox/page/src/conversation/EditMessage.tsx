import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { api } from "../shared/api";
import { isComposing } from "../shared/keyboard";
import { useSession } from "../shared/session";
import type { Message } from "../shared/types";
import { asTyped } from "./typed";

interface Props {
  message: Message;
  onClose: () => void;
}

/** One's own message, to be changed in its place. */
export function EditMessage({ message, onClose }: Props) {
  const { me, people, conversations, words, notify } = useSession();
  const [text, setText] = useState(() => asTyped(message.text, people, conversations));
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const end = field.current?.value.length ?? 0;
    field.current?.focus();
    field.current?.setSelectionRange(end, end);
  }, []);

  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    try {
      await api.edit(me.id, message.channel, message.ts, text.trim());
      onClose();
    } catch (problem) {
      notify((problem as Error).message);
    }
  };
  const keyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      onClose();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void save();
    }
  };
  return (
    <form className="edit" onSubmit={save}>
      <textarea
        ref={field}
        className="input"
        aria-label={words.message.edit}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keyDown}
      />
      <button type="button" className="button" onClick={onClose}>
        {words.cancel}
      </button>
      <button type="submit" className="button button--primary" disabled={!text.trim()}>
        {words.message.save}
      </button>
    </form>
  );
}
