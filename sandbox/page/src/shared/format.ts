// Times are the acting person's: their zone, their language.
import type { Words } from "../words";
import type { Conversation, User } from "./types";

const FALLBACK = "en-US";

/** Who looks: their zone and language, and by how much the workspace's clock is ahead of the machine's, in seconds. */
export interface Viewer extends User {
  clockAhead: number;
}

/** When a message was written, in milliseconds, on the workspace's clock: the demo's is on another day. */
function writtenAt(ts: string | number, viewer: Viewer): number {
  return (Number(ts) + viewer.clockAhead) * 1000;
}

export function nameOf(user: User | undefined): string {
  return user?.real_name || user?.name || user?.id || "?";
}

/** The person's language as a tag; English where their locale is none. */
export function language(user: User): string {
  const tag = user.locale?.replace("_", "-") || FALLBACK;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? FALLBACK;
  } catch {
    return FALLBACK;
  }
}

function formatter(user: User, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language(user), { timeZone: user.tz || "UTC", ...options });
}

export function clockTime(ts: string, viewer: Viewer): string {
  return formatter(viewer, { timeStyle: "short" }).format(writtenAt(ts, viewer));
}

export function fullTime(ts: string, viewer: Viewer): string {
  return formatter(viewer, { dateStyle: "full", timeStyle: "long" }).format(writtenAt(ts, viewer));
}

/** For machines. */
export function isoTime(ts: string, viewer: Viewer): string {
  return new Date(writtenAt(ts, viewer)).toISOString();
}

/** For a log: to the second, by a 24-hour clock. */
export function preciseTime(seconds: number | string, viewer: Viewer): string {
  const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  return formatter(viewer, options).format(writtenAt(seconds, viewer));
}

const DAY: Intl.DateTimeFormatOptions = { weekday: "long", year: "numeric", month: "long", day: "numeric" };
const DAY_MS = 86_400_000;

export function dayOf(ts: string, viewer: Viewer): string {
  return formatter(viewer, DAY).format(writtenAt(ts, viewer));
}

/** The day of a message as one speaks of it: today, yesterday, or its date. */
export function spokenDay(ts: string, viewer: Viewer, words: Words): string {
  return nearDay(writtenAt(ts, viewer), viewer, words) ?? dayOf(ts, viewer);
}

function nearDay(instant: number, viewer: Viewer, words: Words): string | null {
  const format = formatter(viewer, DAY);
  const now = writtenAt(Date.now() / 1000, viewer);
  const day = format.format(instant);
  if (day === format.format(now)) return words.today;
  return day === format.format(now - DAY_MS) ? words.yesterday : null;
}

/** Slack's `<!date^1392734382^{date} at {time}|fallback>`; the app wrote it by the workspace's clock already. */
export function slackDate(timestamp: string, format: string, viewer: Viewer, words: Words): string {
  const parts: Record<string, Intl.DateTimeFormatOptions> = {
    date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
    date: { year: "numeric", month: "long", day: "numeric" },
    date_short: { year: "numeric", month: "short", day: "numeric" },
    date_long: DAY,
    time: { timeStyle: "short" },
    time_secs: { timeStyle: "medium" },
  };
  const instant = Number(timestamp) * 1000;
  return format.replace(/\{(\w+)\}/g, (token, name: string) => {
    const options = parts[name.replace("_pretty", "")];
    if (!options) return token;
    const near = name.endsWith("_pretty") ? nearDay(instant, viewer, words) : null;
    return near ?? formatter(viewer, options).format(instant);
  });
}

/** What a text begins with, to be read out: no signs of formatting, labels in place of addresses and ids. */
export function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line
    .replace(/<[^<>|]*\|([^<>]*)>/g, "$1")
    .replace(/(?<=^|[\s(])[*_~`]+|[*_~`]+(?=$|[\s).,:;])/g, "")
    .replace(/&(lt|gt|amp);/g, (_, name: string) => ({ lt: "<", gt: ">", amp: "&" })[name] ?? "");
}

const CJK = /[\u3400-\u9fff]/;

/** One or two characters for a person's badge: 王小明 -> 小明, Ada Lovelace -> AL. */
export function initials(name: string): string {
  const trimmed = name.trim();
  if (CJK.test(trimmed)) return trimmed.replace(/\s/g, "").slice(-2);
  const words = trimmed.split(/\s+/);
  const last = words.length > 1 ? words[words.length - 1] : "";
  return `${words[0]?.[0] ?? "?"}${last?.[0] ?? ""}`.toUpperCase();
}

export function isChannel({ kind }: Conversation): boolean {
  return kind === "channel" || kind === "private";
}

/** A channel's name, or the names of those one talks to. */
export function conversationTitle(conversation: Conversation, people: Map<string, User>, me: string): string {
  const { kind, user, members, name } = conversation;
  if (kind === "im" && user) return people.get(user)?.real_name || name;
  if (kind !== "mpim") return name;
  const others = members.filter((member) => member !== me);
  return others.map((member) => nameOf(people.get(member))).join(", ");
}

/** The title with the sign of a channel before it. */
export function signedTitle(conversation: Conversation, people: Map<string, User>, me: string): string {
  const title = conversationTitle(conversation, people, me);
  return isChannel(conversation) ? `#${title}` : title;
}
