import { Icon } from "../shared/Icon";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";
import { useMessages } from "./useMessages";

interface Props {
  channel: string;
  thread: string;
  onClose: () => void;
}

export function ThreadPanel({ channel, thread, onClose }: Props) {
  const messages = useMessages(channel, thread);
  return (
    <aside className="thread" aria-label="Thread" data-testid="thread">
      <header className="header">
        <div className="header__text">
          <h2>Thread</h2>
        </div>
        <button type="button" className="icon-button" aria-label="Close thread" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <MessageList messages={messages} label="Replies" empty="This message is gone." />
      <Composer key={thread} channel={channel} thread={thread} title="Reply" />
    </aside>
  );
}
