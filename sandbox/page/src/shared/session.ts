import { createContext, useContext } from "react";
import type { Tool } from "../tools/tool";
import type { Words } from "../words";
import type { Viewer } from "./format";
import type { Live } from "./live";
import type { Notice } from "./Notices";
import type { Route } from "./route";
import type { Conversation, User, Workspace } from "./types";

/** What every part of the page may need: who one is, who there is, where to go. */
export interface Session {
  me: Viewer;
  /** What the page says, in the person's language. */
  words: Words;
  workspace: Workspace;
  people: Map<string, User>;
  conversations: Conversation[];
  /** The conversation one looks at. */
  current: Conversation | undefined;
  live: Live;
  go: (route: Omit<Route, "user">) => void;
  /** Opens a tool: the traffic, the faults, what is known of the app. */
  openTool: (tool: Tool) => void;
  /** Shows a sentence for some seconds; for what went wrong, or was done. */
  notify: (sentence: string) => void;
  notices: Notice[];
  dismiss: (id: number) => void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionContext above it");
  return session;
}

export function useWords(): Words {
  return useSession().words;
}
