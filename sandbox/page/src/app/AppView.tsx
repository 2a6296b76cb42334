import { useEffect } from "react";
import { ConversationBody } from "../conversation/ConversationBody";
import { ConversationHeader } from "../conversation/ConversationHeader";
import { api } from "../shared/api";
import { formatRoute } from "../shared/route";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { HomeTab } from "./HomeTab";

interface Props {
  conversation: Conversation;
  place: string | undefined;
  onRead: (channel: string, ts: string) => void;
}

/** The app: its Home tab and its direct messages with the person. */
export function AppView({ conversation, place, onRead }: Props) {
  const { me, workspace, words, notify } = useSession();
  const { app } = workspace;
  const wantsHome = place === undefined || place === "home";
  const tab = app.home_tab && wantsHome ? "home" : "messages";
  const thread = wantsHome || place === "messages" ? undefined : place;

  useEffect(() => {
    api.openHome(me.id, tab).catch((problem: Error) => notify(problem.message));
  }, [me.id, tab, notify]);

  const link = (name: "home" | "messages", label: string) => (
    <a
      href={formatRoute({ user: me.id, channel: conversation.id, place: name })}
      className={tab === name ? "tab tab--current" : "tab"}
      aria-current={tab === name ? "page" : undefined}
      data-testid={`tab-${name}`}
    >
      {label}
      {name === "messages" && conversation.unread > 0 && (
        <span className="unread" role="img" aria-label={words.sidebar.unread(conversation.unread)}>
          {conversation.unread}
        </span>
      )}
    </a>
  );
  return (
    <main className="main" id="main" tabIndex={-1} data-testid="app" data-region>
      <ConversationHeader conversation={conversation} title={app.name}>
        <nav className="tabs" aria-label={app.name}>
          {app.home_tab && link("home", words.conversation.home)}
          {link("messages", words.conversation.messages)}
        </nav>
      </ConversationHeader>
      {tab === "home" && <HomeTab />}
      {tab === "messages" && (
        <ConversationBody
          conversation={conversation}
          thread={thread}
          mainPlace="messages"
          readOnly={app.messages_read_only}
          onRead={onRead}
        />
      )}
    </main>
  );
}
