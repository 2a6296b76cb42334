import type { Block } from "../shared/types";
import { PLACEHOLDER, hostElsewhere } from "./elsewhere";

const TEXT_TYPES = new Set(["mrkdwn", "plain_text", "raw_text"]);

/**
 * Blocks as the library can take them. It decodes `&lt;` before it looks for `<!channel>` and the
 * like, so that text somebody had escaped would be shown as a mention; numeric entities it decodes
 * afterwards. Pictures from elsewhere, which the page does not load, get a placeholder.
 */
export function forLibrary(blocks: Block[]): Block[] {
  return blocks.map((block) => walk(block) as Block);
}

function walk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  if (TEXT_TYPES.has(copy.type as string) && typeof copy.text === "string") copy.text = safe(copy.text);
  // The library takes `verbatim` to mean "no formatting"; in Slack it only stops automatic links.
  if (copy.type === "mrkdwn") delete copy.verbatim;
  if (typeof copy.image_url === "string" && hostElsewhere(copy.image_url)) copy.image_url = PLACEHOLDER;
  return copy;
}

function safe(text: string): string {
  // At the start of a line `&gt;` is Slack's quotation mark and stays one.
  return text.replaceAll("&lt;", "&#60;").replace(/(?<!^|\n)&gt;/g, "&#62;");
}
