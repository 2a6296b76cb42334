import { type KeyboardEvent, type SyntheticEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Icon } from "../shared/Icon";
import { api } from "../shared/api";
import { draftKey, setDraft, useDraft } from "../shared/drafts";
import { isComposing } from "../shared/keyboard";
import { useNarrow } from "../shared/media";
import { useSession } from "../shared/session";
import { ComposerTools } from "./ComposerTools";
import { SuggestionMenu } from "./SuggestionMenu";
import { useSuggestions } from "./useSuggestions";

interface Props {
  channel: string;
  thread?: string;
  title: string;
}

/** Where one writes: Enter sends, Shift+Enter starts a line; `/`, `@`, `#` and `:` offer what fits. */
export function Composer({ channel, thread, title }: Props) {
  const { me, words, notify } = useSession();
  const key = draftKey(me.id, channel, thread);
  const text = useDraft(key);
  const [caret, setCaret] = useState(text.length);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const menuId = useId();
  const menu = useSuggestions(text, Math.min(caret, text.length), thread !== undefined, (completed, at) => put(completed, at));

  const narrow = useNarrow();
  useLayoutEffect(() => {
    // On a phone the focus would bring up the keyboard, over what one came to read.
    if (!narrow) input.current?.focus({ preventScroll: true });
  }, [narrow]);

  /** Puts a text and the caret into the field, which takes the focus. */
  const put = (next: string, at: number) => {
    // The text must be there before the caret can be put into it, and before the next key.
    flushSync(() => {
      setDraft(key, next);
      setCaret(at);
    });
    input.current?.focus();
    input.current?.setSelectionRange(at, at);
  };
  const send = async () => {
    const said = text.trim();
    if (!said || busy) return;
    setBusy(true);
    setDraft(key, "");
    // Now, not when the answer is there: by then one may be writing elsewhere.
    input.current?.focus();
    try {
      await deliver(said);
    } catch (problem) {
      // What could not be sent is there to be sent again.
      setDraft(key, said);
      notify((problem as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const deliver = (said: string) => {
    if (!said.startsWith("/")) return api.say(me.id, channel, said, thread);
    if (thread) throw new Error(words.composer.notInThreads(said.split(" ")[0] ?? said));
    return api.command(me.id, channel, said);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (isComposing(event) || menu.takeKey(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void send();
  };
  const follow = (event: SyntheticEvent<HTMLTextAreaElement>) => setCaret(event.currentTarget.selectionStart);
  const offers = menu.open && !menu.open.onlyTells;

  return (
    <form
      className="composer"
      data-testid={thread ? "thread-composer" : "composer"}
      data-region
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {menu.open && <SuggestionMenu id={menuId} open={menu.open} at={menu.at} onChoose={menu.choose} />}
      <textarea
        ref={input}
        rows={1}
        value={text}
        placeholder={title}
        aria-label={title}
        aria-haspopup="listbox"
        aria-autocomplete="list"
        aria-controls={menu.open ? menuId : undefined}
        aria-activedescendant={offers ? `${menuId}-${menu.at}` : undefined}
        onChange={(event) => {
          setDraft(key, event.target.value);
          follow(event);
        }}
        onSelect={follow}
        onKeyDown={keyDown}
      />
      <div className="composer__row">
        <ComposerTools text={text} caret={caret} inThread={thread !== undefined} onPut={put} />
        <button type="submit" className="composer__send" aria-label={words.composer.send} aria-busy={busy} disabled={!text.trim() || busy}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
