// Times are the acting person's: their zone, their language.
import type { Conversation, User } from "./types";

export function tsToDate(ts: string): Date {
  return new Date(Number.parseFloat(ts) * 1000);
}

export function language(user: User): string {
  return user.locale?.replace("_", "-") || "en-US";
}

function formatter(user: User, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language(user), { timeZone: user.tz || "UTC", ...options });
}

export function clockTime(ts: string, user: User): string {
  return formatter(user, { timeStyle: "short" }).format(tsToDate(ts));
}

export function fullTime(ts: string, user: User): string {
  return formatter(user, { dateStyle: "full", timeStyle: "long" }).format(tsToDate(ts));
}

export function dayOf(ts: string, user: User): string {
  return formatter(user, { weekday: "long", year: "numeric", month: "long", day: "numeric" }).format(tsToDate(ts));
}

/** Slack's `<!date^1392734382^{date} at {time}|fallback>`. */
export function slackDate(timestamp: string, format: string, user: User): string {
  const parts: Record<string, Intl.DateTimeFormatOptions> = {
    date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
    date: { year: "numeric", month: "long", day: "numeric" },
    date_short: { year: "numeric", month: "short", day: "numeric" },
    date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
    time: { timeStyle: "short" },
    time_secs: { timeStyle: "medium" },
  };
  return format.replace(/\{(\w+)\}/g, (token, name: string) => {
    const options = parts[name.replace("_pretty", "")];
    return options ? formatter(user, options).format(tsToDate(timestamp)) : token;
  });
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

export function conversationTitle(conversation: Conversation, people: Map<string, User>): string {
  if (conversation.kind === "im" && conversation.user) {
    return people.get(conversation.user)?.real_name ?? conversation.name;
  }
  return conversation.name;
}
