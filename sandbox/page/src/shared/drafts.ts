// What one has begun to write, for each conversation and thread; it outlasts a reload.
import { useSyncExternalStore } from "react";

const STORED = "drafts";

type Drafts = Record<string, string>;

let drafts: Drafts = read();
const listeners = new Set<() => void>();

function read(): Drafts {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return typeof stored === "object" && stored !== null ? (stored as Drafts) : {};
  } catch {
    return {};
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function draftKey(user: string, channel: string, thread = ""): string {
  return [user, channel, thread].join("/");
}

export function setDraft(key: string, text: string): void {
  const { [key]: _, ...others } = drafts;
  drafts = text ? { ...others, [key]: text } : others;
  try {
    localStorage.setItem(STORED, JSON.stringify(drafts));
  } catch {
    // A browser that stores nothing keeps drafts until the page is closed.
  }
  for (const listener of listeners) listener();
}

export function useDraft(key: string): string {
  return useSyncExternalStore(subscribe, () => drafts[key] ?? "");
}
