import { useCallback, useEffect, useMemo, useState } from "react";
import { AppView } from "./app/AppView";
import { ConversationView } from "./conversation/ConversationView";
import { ConfirmProvider } from "./elements/confirm";
import { ModalStack } from "./modal/ModalStack";
import { Notices, useNotices } from "./shared/Notices";
import { conversationTitle } from "./shared/format";
import type { Route } from "./shared/route";
import { SessionContext } from "./shared/session";
import type { Conversation, User, Workspace as WorkspaceData } from "./shared/types";
import { useConversations } from "./shared/useConversations";
import { useConnected, useLive } from "./shared/useLive";
import { useNarrow } from "./shared/useNarrow";
import { Sidebar } from "./sidebar/Sidebar";
import { Faults } from "./tools/Faults";
import { Inspector } from "./tools/Inspector";

interface Props {
  me: User;
  workspace: WorkspaceData;
  route: Route;
  go: (route: Route) => void;
}

export type Tool = "inspector" | "faults" | null;

/** Everything one person sees. */
export function Workspace({ me, workspace, route, go }: Props) {
  const [notices, notify] = useNotices();
  const [tool, setTool] = useState<Tool>(null);
  const live = useLive(me.id);
  const open = useCallback((place: Omit<Route, "user">) => go({ ...place, user: me.id }), [go, me.id]);
  const { conversations, markRead } = useConversations(me.id, live, notify);
  const people = useMemo(() => new Map(workspace.users.map((user) => [user.id, user])), [workspace.users]);
  const session = useMemo(
    () => ({ me, workspace, people, conversations, live, go: open, notify, notices }),
    [me, workspace, people, conversations, live, open, notify, notices],
  );
  const narrow = useNarrow();
  const connected = useConnected(live);
  const current = find(conversations, route.channel, narrow);
  const title = current ? conversationTitle(current, people) : workspace.team.name;
  useEffect(() => {
    document.title = `${title} · ${me.real_name || me.name}`;
  }, [title, me]);

  return (
    <SessionContext value={session}>
      <ConfirmProvider>
        <div className={route.channel ? "shell shell--in" : "shell"}>
          <Sidebar current={current} onTool={setTool} onPerson={(user) => go({ ...samePlace(current), user })} />
          {current?.kind === "app" && (
            <AppView key={current.id} conversation={current} place={route.place} onRead={markRead} />
          )}
          {current && current.kind !== "app" && (
            <ConversationView key={current.id} conversation={current} thread={route.place} onRead={markRead} />
          )}
          {!current && <main className="blank">{blank(conversations, route.channel, me)}</main>}
        </div>
        <ModalStack />
        {tool === "inspector" && <Inspector onClose={() => setTool(null)} />}
        {tool === "faults" && <Faults onClose={() => setTool(null)} />}
        {!connected && (
          <p className="offline" role="status">
            The workspace does not answer. Trying again…
          </p>
        )}
        <Notices />
      </ConfirmProvider>
    </SessionContext>
  );
}

/** The route's conversation; where it names none the first channel, or on a phone the list alone. */
function find(conversations: Conversation[], channel: string | undefined, narrow: boolean): Conversation | undefined {
  if (channel === "app") return conversations.find(({ kind }) => kind === "app");
  if (channel || narrow) return conversations.find(({ id }) => id === channel);
  return conversations.find(({ kind }) => kind === "channel") ?? conversations[0];
}

function blank(conversations: Conversation[], channel: string | undefined, me: User): string {
  if (conversations.length === 0 || !channel) return "";
  return `${me.real_name || me.name} has no conversation ${channel}. Choose one from the list.`;
}

/** Where another person looks who takes over: the same place, unless it is this person's own. */
function samePlace(current: Conversation | undefined): Omit<Route, "user"> {
  if (current?.kind === "app") return { channel: "app" };
  return current?.kind === "channel" ? { channel: current.id } : {};
}
