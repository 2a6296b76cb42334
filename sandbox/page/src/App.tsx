import { useEffect, useState } from "react";
import { Workspace } from "./Workspace";
import { api, readIn } from "./shared/api";
import { language } from "./shared/format";
import { useRoute } from "./shared/route";
import type { User, Workspace as WorkspaceData } from "./shared/types";
import { wordsFor } from "./words";

export function App() {
  const [workspace, setWorkspace] = useState<WorkspaceData | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [route, go] = useRoute();
  const words = wordsFor(navigator.language);

  useEffect(() => {
    api.workspace().then(setWorkspace, (error: Error) => setProblem(error.message));
  }, []);

  const people = workspace?.users.filter(isPerson) ?? [];
  const me = route.user ? people.find(({ id }) => id === route.user) : people[0];
  const tag = me ? language(me) : navigator.language;
  useEffect(() => readIn(tag), [tag]);

  if (problem) return <Blank role="alert">{problem}</Blank>;
  if (!workspace) return <Blank role="status">{words.page.opening}</Blank>;
  if (!me && route.user) return <Blank role="alert">{words.page.noPerson(route.user)}</Blank>;
  if (!me) return <Blank role="alert">{words.page.nobody}</Blank>;
  // Another person starts afresh: nothing of the one before stays open.
  return <Workspace key={me.id} person={me} words={wordsFor(tag)} first={workspace} route={route} go={go} />;
}

function isPerson(user: User): boolean {
  return !user.is_bot && !user.deleted;
}

function Blank({ role, children }: { role: string; children: string }) {
  return (
    <main className="blank">
      <p role={role}>{children}</p>
    </main>
  );
}
