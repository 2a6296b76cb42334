import { useCallback, useMemo, useState } from "react";
import { AppView } from "./app/AppView";
import { ConversationView } from "./conversation/ConversationView";
import { ConfirmProvider } from "./elements/confirm";
import { ModalStack } from "./modal/ModalStack";
import { Notices, useNotices } from "./shared/Notices";
import type { Route } from "./shared/route";
import { SessionContext } from "./shared/session";
import type { Conversation, User, Workspace as WorkspaceData } from "./shared/types";
import { useConversations } from "./shared/useConversations";
import { useLive } from "./shared/useLive";
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
  const current = find(conversations, route.channel, narrow);

  return (
    <SessionContext value={session}>
      <ConfirmProvider>
        <div className={route.channel ? "shell shell--in" : "shell"}>
          <Sidebar current={current} onTool={setTool} onPerson={(user) => go({ user, channel: route.channel })} />
          {current?.kind === "app" && (
            <AppView key={current.id} conversation={current} place={route.place} onRead={markRead} />
          )}
          {current && current.kind !== "app" && (
            <ConversationView key={current.id} conversation={current} thread={route.place} onRead={markRead} />
          )}
          {!current && <main className="blank">Choose a conversation.</main>}
        </div>
        <ModalStack />
        {tool === "inspector" && <Inspector onClose={() => setTool(null)} />}
        {tool === "faults" && <Faults onClose={() => setTool(null)} />}
        <Notices />
      </ConfirmProvider>
    </SessionContext>
  );
}

/** The route's conversation; else the first channel, or on a phone none: there the list comes first. */
function find(conversations: Conversation[], channel: string | undefined, narrow: boolean): Conversation | undefined {
  if (channel === "app") return conversations.find(({ kind }) => kind === "app");
  const named = conversations.find(({ id }) => id === channel);
  if (named || narrow) return named;
  return conversations.find(({ kind }) => kind === "channel") ?? conversations[0];
}
