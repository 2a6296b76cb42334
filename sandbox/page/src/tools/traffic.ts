// What the inspector makes of the traffic. Values in, values out.
import type { TrafficEntry } from "../shared/types";

export type Filter = "all" | "fromApp" | "toApp" | "failed";

export const FILTERS: Filter[] = ["all", "fromApp", "toApp", "failed"];

export function hasFailed({ status, response }: TrafficEntry): boolean {
  if (Number(status) >= 400) return true;
  if (typeof status === "string" && /timeout|failed|lost/.test(status)) return true;
  return typeof response === "object" && response !== null && "ok" in response && response.ok === false;
}

function passes(entry: TrafficEntry, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "fromApp":
      return entry.direction === "in";
    case "toApp":
      return entry.direction === "out";
    case "failed":
      return hasFailed(entry);
  }
}

/** The newest first, those that pass the filter and have what is looked for anywhere in them. */
export function shownOf(entries: TrafficEntry[], filter: Filter, search: string): TrafficEntry[] {
  const wanted = search.trim().toLowerCase();
  return entries
    .filter((entry) => passes(entry, filter) && (!wanted || JSON.stringify(entry).toLowerCase().includes(wanted)))
    .reverse();
}

/** By number, each once: an entry may come live and with the list. */
export function merged(some: TrafficEntry[], more: TrafficEntry[]): TrafficEntry[] {
  const byNumber = new Map([...some, ...more].map((entry) => [entry.n, entry]));
  return [...byNumber.values()].sort((a, b) => a.n - b.n);
}

/** JSON for reading; a text that is JSON itself, as in forms, is unpacked. */
export function pretty(value: unknown): string {
  return JSON.stringify(unpacked(value), null, 2);
}

function unpacked(value: unknown): unknown {
  if (typeof value === "string") return /^\s*[[{]/.test(value) ? parsed(value) : value;
  if (Array.isArray(value)) return value.map(unpacked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpacked(inner)]));
}

function parsed(text: string): unknown {
  try {
    return unpacked(JSON.parse(text));
  } catch {
    return text;
  }
}

export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
