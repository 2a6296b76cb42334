import { useCallback, useEffect, useMemo, useState } from "react";
import { AppView } from "./app/AppView";
import { ConversationView } from "./conversation/ConversationView";
import { ConfirmProvider } from "./elements/confirm";
import { ModalStack } from "./modal/ModalStack";
import { Announcer } from "./shared/Announcer";
import { Notices, useNotices } from "./shared/Notices";
import { conversationTitle, nameOf } from "./shared/format";
import { useNarrow } from "./shared/media";
import type { Route } from "./shared/route";
import { type Session, SessionContext } from "./shared/session";
import type { Conversation, User, Workspace as WorkspaceData } from "./shared/types";
import { useConversations } from "./shared/useConversations";
import { useConnected, useLive } from "./shared/useLive";
import { useShortcuts } from "./shared/useShortcuts";
import { useWorkspace } from "./shared/useWorkspace";
import { QuickSwitcher } from "./sidebar/QuickSwitcher";
import { Sidebar } from "./sidebar/Sidebar";
import { OpenTool } from "./tools/OpenTool";
import type { Tool } from "./tools/tool";
import type { Words } from "./words";

interface Props {
  person: User;
  words: Words;
  /** The workspace as it was when the page was opened. */
  first: WorkspaceData;
  route: Route;
  go: (route: Route) => void;
}

/** Everything one person sees. */
export function Workspace({ person, words, first, route, go }: Props) {
  const { notices, notify, dismiss } = useNotices();
  const [tool, setTool] = useState<Tool>(null);
  const [jumping, setJumping] = useState(false);
  const live = useLive(person.id);
  const workspace = useWorkspace(first, live, notify);
  const people = useMemo(() => new Map(workspace.users.map((user) => [user.id, user])), [workspace.users]);
  const self = people.get(person.id) ?? person;
  const me = useMemo(() => ({ ...self, clockAhead: first.clock_offset_s }), [self, first.clock_offset_s]);
  const open = useCallback((place: Omit<Route, "user">) => go({ ...place, user: me.id }), [go, me.id]);
  const { conversations, markRead } = useConversations(me.id, live, notify);
  const narrow = useNarrow();
  const current = find(conversations, route.channel, narrow);
  const session = useMemo<Session>(
    () => ({ me, words, workspace, people, conversations, current, live, go: open, openTool: setTool, notify, notices, dismiss }),
    [me, words, workspace, people, conversations, current, live, open, notify, notices, dismiss],
  );
  useShortcuts({ conversations, current, go: open, onJump: () => setJumping(true), onHelp: () => setTool("keys") });
  usePageTitle(session);

  const listOnly = narrow && !route.channel;
  const sidebar = (
    <Sidebar
      onJump={() => setJumping(true)}
      onPerson={(user) => go({ ...samePlace(current), user })}
    />
  );
  const classes = ["shell", route.channel && "shell--in", tool === "inspector" && "shell--watched"];
  return (
    <SessionContext value={session}>
      <ConfirmProvider>
        <div className={classes.filter(Boolean).join(" ")}>
          <a
            className="skip"
            href="#main"
            onClick={(event) => {
              // The address says where one is; only the focus is to move.
              event.preventDefault();
              document.getElementById("main")?.focus();
            }}
          >
            {words.page.skip}
          </a>
          {listOnly ? (
            <main className="list" id="main" tabIndex={-1}>
              {sidebar}
            </main>
          ) : (
            sidebar
          )}
          {current?.kind === "app" && (
            <AppView key={current.id} conversation={current} place={route.place} onRead={markRead} />
          )}
          {current && current.kind !== "app" && (
            <ConversationView key={current.id} conversation={current} thread={route.place} onRead={markRead} />
          )}
          {!current && !listOnly && (
            <main className="blank" id="main" tabIndex={-1}>
              {blank(session, route.channel)}
            </main>
          )}
          {tool && <OpenTool tool={tool} onTool={setTool} />}
        </div>
        <ModalStack />
        {jumping && <QuickSwitcher onClose={() => setJumping(false)} />}
        <Stream session={session} />
        <Announcer />
        <Notices />
      </ConfirmProvider>
    </SessionContext>
  );
}

/** Says so where the page does not hear of what happens. */
function Stream({ session: { live, words } }: { session: Session }) {
  const connected = useConnected(live);
  const lost = connected === false;
  return (
    <p className={lost ? "offline" : "hidden"} role="status" data-testid="stream" data-connected={connected === true}>
      {lost ? words.page.offline : ""}
    </p>
  );
}

/** Where one is, before it how much is unread anywhere. */
function usePageTitle({ me, words, workspace, conversations, current, people }: Session): void {
  const unread = conversations.reduce((sum, conversation) => sum + conversation.unread, 0);
  const place = current ? conversationTitle(current, people, me.id) : workspace.team.name;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${place} · ${nameOf(me)}`;
    document.documentElement.lang = words.language;
  }, [unread, place, me, words]);
}

/** The route's conversation; where it names none the first channel, or on a phone the list alone. */
function find(conversations: Conversation[], channel: string | undefined, narrow: boolean): Conversation | undefined {
  if (channel === "app") return conversations.find(({ kind }) => kind === "app");
  if (channel || narrow) return conversations.find(({ id }) => id === channel);
  return conversations.find(({ kind }) => kind === "channel") ?? conversations[0];
}

function blank({ conversations, me, words }: Session, channel: string | undefined): string {
  if (conversations.length === 0 || !channel) return "";
  return words.page.noConversation(nameOf(me), channel);
}

/** Where another person looks who takes over: the same place, unless it is this person's own. */
function samePlace(current: Conversation | undefined): Omit<Route, "user"> {
  if (current?.kind === "app") return { channel: "app" };
  return current?.kind === "channel" ? { channel: current.id } : {};
}
