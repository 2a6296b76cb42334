import { emojiNamed } from "../shared/emoji";
import type { Block } from "../shared/types";
import { PLACEHOLDER, hostElsewhere } from "./elsewhere";

const PLAIN_TYPES = new Set(["plain_text", "raw_text"]);

/**
 * Blocks as the library can take them. It reads texts as Markdown, of which Slack knows a part, and drops
 * what it finds there and cannot draw (`# x`, `$5 and $6`); so whatever means nothing in Slack goes to it as
 * a numeric entity, which it decodes at the very end. Pictures from elsewhere, which the page does not load,
 * get a placeholder.
 */
export function forLibrary(blocks: Block[]): Block[] {
  return blocks.map((block) => walk(block) as Block);
}

function walk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  if (typeof copy.text === "string" && copy.type === "mrkdwn") copy.text = mrkdwn(copy.text);
  if (typeof copy.text === "string" && PLAIN_TYPES.has(copy.type as string)) copy.text = plain(copy.text);
  // The library takes `verbatim` to mean "no formatting"; in Slack it only stops automatic links.
  if (copy.type === "mrkdwn") delete copy.verbatim;
  if (typeof copy.image_url === "string" && hostElsewhere(copy.image_url)) copy.image_url = PLACEHOLDER;
  return copy;
}

/** Code, references and addresses: the library reads these as Slack does, and entities would stay in them. */
const APART = /(```[\s\S]*?```|`[^`\n]+`|<[^<>\n]+>|https?:\/\/(?:(?!&[lg]t;)[^\s<>|])+)/;

/**
 * What Slack shows as it is: signs that were escaped, and Markdown's for headings, rules, tables, formulas, links,
 * code by blanks. At the start of a line `&gt;` is Slack's quotation mark and stays one.
 */
const UNSAID = /&lt;|(?<!^|\n)&gt;|[#$|=[\]\\]|(?<=^|\n)(?:-(?=-)| (?= {3}))|(?<=[\p{L}\p{N}])[*~](?=[\p{L}\p{N}])/gu;
/** In plain text all formatting too. */
const UNSAID_IN_PLAIN = /&[lg]t;|[#$|=[\]\\*_~`<>]|(?<=^|\n)(?:-(?=-)| (?= {3}))/g;

function mrkdwn(text: string): string {
  const parts = text.split(APART);
  return parts.map((part, at) => (at % 2 === 0 ? shown(part, UNSAID) : apart(part))).join("");
}

/** Plain text knows no formatting at all, but emoji. */
function plain(text: string): string {
  return shown(text, UNSAID_IN_PLAIN);
}

function apart(part: string): string {
  // Who is meant is known by the id; the library would take the name for a part of it.
  const known = part.match(/^<(@\w+|!subteam\^\w+)\|/);
  if (known) return `<${known[1]}>`;
  return part.replace(/^(<[^@#!|][^|]*\|)(.*)>$/, (_, address, label) => `${address}${shown(label, UNSAID)}>`);
}

/** The text, with emoji where there are any: the library takes the colons of 10:30:00 for one. */
function shown(text: string, unsaid: RegExp): string {
  const hide = (part: string) => part.replace(unsaid, asEntity);
  const [first = "", ...rest] = text.split(":");
  let said = hide(first);
  for (let at = 0; at < rest.length; at++) {
    const [part = "", next] = [rest[at], rest[at + 1]];
    if (next !== undefined && isEmoji(part)) {
      said += `:${part}:${hide(next)}`;
      at++;
    } else said += `&#58;${hide(part)}`;
  }
  return said;
}

function isEmoji(name: string): boolean {
  return /^(flag-[a-z]{2}|skin-tone-[2-6])$/.test(name) || emojiNamed(name) !== undefined;
}

function asEntity(sign: string): string {
  if (sign === "&lt;") return "&#60;";
  return sign === "&gt;" ? "&#62;" : `&#${sign.charCodeAt(0)};`;
}
