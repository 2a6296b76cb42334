// Emoji by the names that Slack writes between colons.
import * as emoji from "node-emoji";

export interface NamedEmoji {
  name: string;
  sign: string;
}

/** What people reach for first. */
const OFTEN = ["+1", "tada", "white_check_mark", "eyes", "heart", "joy", "pray", "clap", "rocket", "fire", "thinking_face", "wave"];

export function emojiNamed(name: string): string | undefined {
  return emoji.get(name);
}

export function oftenUsed(): NamedEmoji[] {
  return OFTEN.flatMap((name) => {
    const sign = emoji.get(name);
    return sign ? [{ name, sign }] : [];
  });
}

export function findEmoji(part: string): NamedEmoji[] {
  return emoji.search(part).map(({ name, emoji: sign }) => ({ name, sign }));
}
