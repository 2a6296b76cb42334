// What Slack's own client checks before it lets a modal be submitted.
import type { Block, Element } from "../shared/types";
import type { Words } from "../words";
import { type Edits, allBlocks, valueOf } from "./values";

type Wrong = Words["wrong"];

/** Slack's own limit where the app sets none. */
const LONGEST_TEXT = 3000;

/** What is wrong with which input, by block_id. */
export function validate(blocks: Block[], edits: Edits, place: string | undefined, words: Words): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of allBlocks(blocks)) {
    if (block.type !== "input" || !block.element) continue;
    const value = valueOf(block.element, block.block_id, edits, place);
    const problem = problemWith(block.element, value, block.optional ?? false, words.wrong);
    if (problem) errors[block.block_id] = problem;
  }
  return errors;
}

function problemWith(element: Element, value: unknown, optional: boolean, wrong: Wrong): string | null {
  const empty = value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) return optional ? null : wrong.required;
  if (element.type === "number_input") return problemWithNumber(element, String(value).trim(), wrong);
  if (element.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(String(value))) return wrong.email;
  if (element.type === "url_text_input" && !URL.canParse(String(value))) return wrong.url;
  if (typeof value === "string") return problemWithLength(element, value.length, wrong);
  return null;
}

function problemWithNumber(element: Element, text: string, wrong: Wrong): string | null {
  const pattern = element.is_decimal_allowed ? /^[+-]?(\d+\.?\d*|\.\d+)$/ : /^[+-]?\d+$/;
  if (!pattern.test(text)) return element.is_decimal_allowed ? wrong.number : wrong.whole;
  const number = Number(text);
  if (element.min_value !== undefined && number < Number(element.min_value)) return wrong.least(element.min_value);
  if (element.max_value !== undefined && number > Number(element.max_value)) return wrong.most(element.max_value);
  return null;
}

function problemWithLength(element: Element, length: number, wrong: Wrong): string | null {
  if (element.min_length !== undefined && length < element.min_length) return wrong.short(element.min_length);
  const most = element.max_length ?? (element.type === "plain_text_input" ? LONGEST_TEXT : undefined);
  if (most !== undefined && length > most) return wrong.long(most);
  return null;
}
