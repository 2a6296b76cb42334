import type { Block } from "../shared/types";

const TEXT_TYPES = new Set(["mrkdwn", "plain_text", "raw_text"]);

/**
 * The library decodes `&lt;` before it looks for `<!channel>` and the like, so that text
 * somebody had escaped would be shown as a mention. Numeric entities it decodes afterwards.
 */
export function withSafeEntities(blocks: Block[]): Block[] {
  return blocks.map((block) => walk(block) as Block);
}

function walk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  if (TEXT_TYPES.has(copy.type as string) && typeof copy.text === "string") copy.text = safe(copy.text);
  // The library takes `verbatim` to mean "no formatting"; in Slack it only stops automatic links.
  if (copy.type === "mrkdwn") delete copy.verbatim;
  return copy;
}

function safe(text: string): string {
  // At the start of a line `&gt;` is Slack's quotation mark and stays one.
  return text.replaceAll("&lt;", "&#60;").replace(/(?<!^|\n)&gt;/g, "&#62;");
}
