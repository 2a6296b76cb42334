import { useCallback, useState } from "react";
import { api } from "./api";
import type { Live } from "./live";
import type { LiveEvent, User, Workspace } from "./types";
import { useFetched } from "./useFetched";

/** The workspace as it is now: the app comes and goes, people change. */
export function useWorkspace(first: Workspace, live: Live, notify: (sentence: string) => void): Workspace {
  const [workspace, setWorkspace] = useState(first);
  const onEvent = useCallback((event: LiveEvent) => {
    setWorkspace((now) => changed(now, event));
    return event.type === "app" || event.type === "connections" || event.type === "user";
  }, []);
  useFetched({ live, load: api.workspace, take: setWorkspace, onEvent, notify });
  return workspace;
}

function changed(workspace: Workspace, event: LiveEvent): Workspace {
  switch (event.type) {
    case "app":
      return { ...workspace, app: event.app };
    case "connections":
      return { ...workspace, app: { ...workspace.app, connections: event.connections } };
    case "user":
      return { ...workspace, users: withUser(workspace.users, event.user) };
    default:
      return workspace;
  }
}

function withUser(users: User[], user: User): User[] {
  const isKnown = users.some(({ id }) => id === user.id);
  return isKnown ? users.map((one) => (one.id === user.id ? user : one)) : [...users, user];
}
