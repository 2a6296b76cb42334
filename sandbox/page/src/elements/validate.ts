// What Slack's own client checks before it lets a modal be submitted.
import type { Block, Element } from "../shared/types";
import { type Edits, valueOf } from "./values";

export function validate(blocks: Block[], edits: Edits): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== "input" || !block.element) continue;
    const problem = problemWith(block.element, valueOf(block.element, block.block_id, edits), block.optional ?? false);
    if (problem) errors[block.block_id] = problem;
  }
  return errors;
}

function problemWith(element: Element, value: unknown, optional: boolean): string | null {
  const empty = value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) return optional ? null : "Please complete this required field.";
  if (element.type === "number_input") return problemWithNumber(element, String(value));
  if (element.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(String(value))) {
    return "Please enter a valid email address.";
  }
  if (element.type === "url_text_input" && !URL.canParse(String(value))) return "Please enter a valid URL.";
  if (typeof value === "string") return problemWithLength(element, value.length);
  return null;
}

function problemWithNumber(element: Element, text: string): string | null {
  const pattern = element.is_decimal_allowed ? /^[+-]?(\d+\.?\d*|\.\d+)$/ : /^[+-]?\d+$/;
  if (!pattern.test(text.trim())) {
    return element.is_decimal_allowed ? "Please enter a number." : "Please enter a whole number.";
  }
  const number = Number(text);
  if (element.min_value !== undefined && number < Number(element.min_value)) {
    return `Please enter a number of at least ${element.min_value}.`;
  }
  if (element.max_value !== undefined && number > Number(element.max_value)) {
    return `Please enter a number of at most ${element.max_value}.`;
  }
  return null;
}

function problemWithLength(element: Element, length: number): string | null {
  if (element.min_length !== undefined && length < element.min_length) {
    return `Please enter at least ${element.min_length} characters.`;
  }
  if (element.max_length !== undefined && length > element.max_length) {
    return `Please enter at most ${element.max_length} characters.`;
  }
  return null;
}
