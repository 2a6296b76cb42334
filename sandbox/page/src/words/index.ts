import { en, type Words } from "./en";
import { zh } from "./zh";

export type { Words };

/** The page's words for a language tag such as `zh-CN`; English where it speaks no other. */
export function wordsFor(tag: string): Words {
  const { language, script, region } = new Intl.Locale(tag || "en").maximize();
  return language === "zh" && (script === "Hans" || region === "CN") ? zh : en;
}

/** The tag of the language that the words of `tag` are in. */
export function spokenTag(tag: string): string {
  return wordsFor(tag) === zh ? "zh-CN" : "en";
}
