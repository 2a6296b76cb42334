import { createContext, useContext } from "react";
import type { Live } from "./live";
import type { Notice } from "./Notices";
import type { Route } from "./route";
import type { Conversation, User, Workspace } from "./types";

/** What every part of the page may need: who one is, who there is, where to go. */
export interface Session {
  me: User;
  workspace: Workspace;
  people: Map<string, User>;
  conversations: Conversation[];
  live: Live;
  go: (route: Omit<Route, "user">) => void;
  /** Shows a sentence for some seconds; for what went wrong. */
  notify: (sentence: string) => void;
  notices: Notice[];
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionContext above it");
  return session;
}
