import type { Conversation, User } from "../shared/types";

/** A message's text as a person types it: names for ids, signs for what was escaped. */
export function asTyped(text: string, people: Map<string, User>, conversations: Conversation[]): string {
  return text
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id: string) => (people.has(id) ? `@${people.get(id)?.name}` : whole))
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, (whole, id: string) => {
      const channel = conversations.find((one) => one.id === id);
      return channel ? `#${channel.name}` : whole;
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
