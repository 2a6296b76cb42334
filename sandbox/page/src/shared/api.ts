// Every call the page makes. The server answers errors as {"error": "a sentence"}.
import type {
  Container,
  Conversation,
  Faults,
  Message,
  Option,
  OptionGroup,
  StateValues,
  SubmitAnswer,
  TrafficEntry,
  UploadedFile,
  View,
  Workspace,
} from "./types";
import { spokenTag, wordsFor } from "../words";

let reader = navigator.language;

/** In which language refusals come from now on: that of the person one acts as. */
export function readIn(tag: string): void {
  reader = tag;
}

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const words = wordsFor(reader).page;
  const headers = { ...init.headers, "Accept-Language": spokenTag(reader) };
  let response: Response;
  try {
    response = await fetch(`/page/${path}`, { ...init, headers });
  } catch {
    throw new Error(words.unreachable);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? words.answered(response.status));
  return answer as T;
}

function get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
  return call<T>(`${path}?${new URLSearchParams(query)}`);
}

function post<T>(path: string, body: object, init: RequestInit = {}): Promise<T> {
  return call<T>(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...init,
  });
}

export const api = {
  workspace: () => get<Workspace>("workspace"),
  conversations: (user: string) => get<{ conversations: Conversation[] }>("conversations", { user }),
  messages: (user: string, channel: string, thread_ts?: string) =>
    get<{ messages: Message[] }>("messages", { user, channel, ...(thread_ts && { thread_ts }) }),
  home: (user: string) => get<{ view: View | null; hash: string }>("home", { user }),
  views: (user: string) => get<{ views: View[] }>("views", { user }),
  openHome: (user: string, tab: "home" | "messages") => post("home", { user, tab }),
  // What was read is read, also where the page is closed at once.
  read: (user: string, channel: string, ts: string) => post("read", { user, channel, ts }, { keepalive: true }),
  edit: (user: string, channel: string, ts: string, text: string) => post("edit", { user, channel, ts, text }),
  delete: (user: string, channel: string, ts: string) => post("delete", { user, channel, ts }),
  react: (user: string, channel: string, ts: string, name: string) => post("react", { user, channel, ts, name }),
  shortcut: (user: string, callback_id: string, message?: { channel: string; ts: string }) =>
    post("shortcut", { user, callback_id, ...message }),
  leave: (user: string, channel: string) => post("leave", { user, channel }),
  changeChannel: (user: string, channel: string, change: { topic?: string; archived?: boolean }) =>
    post("channel", { user, channel, ...change }),
  dismiss: (user: string, channel: string, ts: string) => post("dismiss", { user, channel, ts }),
  openDirect: (user: string, members: string[]) => post<{ id: string }>("direct", { user, members }),
  createChannel: (name: string, members: string[], isPrivate: boolean) =>
    post<{ id: string }>("channels", { name, members, private: isPrivate }),
  addMembers: (user: string, channel: string, add: string[]) => post("members", { user, channel, add }),
  say: (user: string, channel: string, text: string, thread_ts?: string) =>
    post<{ ts: string }>("message", { user, channel, text, ...(thread_ts && { thread_ts }) }),
  command: (user: string, channel: string, text: string) => post("command", { user, channel, text }),
  act: (user: string, container: Container, action: object, state: StateValues) =>
    post("action", { user, container, action, state: { values: state } }),
  submit: (user: string, view: View, state: StateValues) =>
    post<SubmitAnswer>("submit", { user, view_id: view.id, hash: view.hash, state: { values: state } }),
  close: (user: string, view_id: string, all: boolean) => post("close", { user, view_id, all }),
  options: (user: string, container: Container, block_id: string, action_id: string, value: string) =>
    post<{ options?: Option[]; option_groups?: OptionGroup[] }>("options", {
      user,
      container,
      block_id,
      action_id,
      value,
    }),
  upload: (user: string, file: File) =>
    call<UploadedFile>(`upload?${new URLSearchParams({ user, name: file.name })}`, { method: "POST", body: file }),
  traffic: (after: number) => get<{ traffic: TrafficEntry[] }>("traffic", { after: String(after) }),
  faults: () => get<Faults>("faults"),
  setFaults: (faults: Faults) => post<Faults>("faults", faults),
  install: (user: string) => post("install", { user }),
  uninstall: (user: string) => post("uninstall", { user }),
  disconnect: (reason: "refresh_requested" | null) => post("disconnect", { reason }),
};
