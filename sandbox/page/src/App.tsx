import { useEffect, useState } from "react";
import { Workspace } from "./Workspace";
import { api } from "./shared/api";
import { useRoute } from "./shared/route";
import type { User, Workspace as WorkspaceData } from "./shared/types";

export function App() {
  const [workspace, setWorkspace] = useState<WorkspaceData | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [route, go] = useRoute();

  useEffect(() => {
    api.workspace().then(setWorkspace, (error: Error) => setProblem(error.message));
  }, []);

  if (problem) return <Blank role="alert">{problem}</Blank>;
  if (!workspace) return <Blank role="status">Opening the workspace…</Blank>;
  const people = workspace.users.filter(isPerson);
  const me = route.user ? people.find(({ id }) => id === route.user) : people[0];
  if (!me && route.user) return <Blank role="alert">{`There is no person ${route.user} in this workspace.`}</Blank>;
  if (!me) return <Blank role="alert">There is nobody in this workspace yet. Add people to it, then reload.</Blank>;
  // Another person starts afresh: nothing of the one before stays open.
  return <Workspace key={me.id} me={me} workspace={workspace} route={route} go={go} />;
}

function isPerson(user: User): boolean {
  return !user.is_bot && !user.deleted;
}

function Blank({ role, children }: { role: string; children: string }) {
  return (
    <main className="blank" role={role}>
      {children}
    </main>
  );
}
