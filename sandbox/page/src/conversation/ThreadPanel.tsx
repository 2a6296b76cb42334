import { useEffect } from "react";
import { Composer } from "../composer/Composer";
import { Icon } from "../shared/Icon";
import { useSession } from "../shared/session";
import { MessageList } from "./MessageList";
import { useMessages } from "./useMessages";

interface Props {
  channel: string;
  thread: string;
  onClose: () => void;
}

export function ThreadPanel({ channel, thread, onClose }: Props) {
  const { words } = useSession();
  const messages = useMessages(channel, thread);
  useEffect(() => () => focusMessage(thread), [thread]);
  const gone = <p className="blank">{words.empty.threadGone}</p>;
  return (
    <section
      className="thread"
      aria-label={words.thread.title}
      data-testid="thread"
      data-region
      onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && onClose()}
    >
      <header className="header">
        <div className="header__text">
          <h2>{words.thread.title}</h2>
        </div>
        <button type="button" className="icon-button" aria-label={words.thread.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <MessageList messages={messages} label={words.thread.replies} beginning={messages?.length === 0 && gone} />
      <Composer key={thread} channel={channel} thread={thread} title={words.thread.reply} />
    </section>
  );
}

/** Gives the focus back to where the thread hangs from. */
function focusMessage(ts: string): void {
  document.querySelector<HTMLElement>(`.column article[data-ts="${CSS.escape(ts)}"] [data-testid="open-thread"]`)?.focus();
}
