import { type KeyboardEvent, useId, useRef, useState } from "react";
import { Icon } from "../shared/Icon";
import { api } from "../shared/api";
import { isComposing } from "../shared/keyboard";
import { useSession } from "../shared/session";
import { CommandMenu } from "./CommandMenu";
import { useCommandMenu } from "./useCommandMenu";

interface Props {
  channel: string;
  thread?: string;
  title: string;
}

/** Where one writes: Enter sends, Shift+Enter starts a line, `/` offers the commands. */
export function Composer({ channel, thread, title }: Props) {
  const { me, notify } = useSession();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const menuId = useId();
  const menu = useCommandMenu(text, (completed) => {
    setText(completed);
    input.current?.focus();
  });

  const send = async () => {
    const said = text.trim();
    if (!said || busy) return;
    setBusy(true);
    setText("");
    try {
      await deliver(said);
    } catch (problem) {
      // What could not be sent is there to be sent again.
      setText((now) => now || said);
      notify((problem as Error).message);
    } finally {
      setBusy(false);
      input.current?.focus();
    }
  };
  const deliver = (said: string) => {
    if (!said.startsWith("/")) return api.say(me.id, channel, said, thread);
    if (thread) throw new Error(`${said.split(" ")[0]} is not supported in threads. Type it in the conversation.`);
    return api.command(me.id, channel, said);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (isComposing(event) || menu.takeKey(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void send();
  };

  return (
    <form
      className="composer"
      data-testid={thread ? "thread-composer" : "composer"}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {menu.isOpen && <CommandMenu id={menuId} menu={menu} />}
      <textarea
        ref={input}
        rows={1}
        value={text}
        placeholder={title}
        aria-label={title}
        aria-haspopup="listbox"
        aria-autocomplete="list"
        aria-controls={menu.isOpen ? menuId : undefined}
        aria-activedescendant={menu.isOpen ? `${menuId}-${menu.at}` : undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keyDown}
      />
      <button type="submit" className="composer__send" aria-label="Send" disabled={!text.trim()}>
        <Icon name="send" />
      </button>
    </form>
  );
}
