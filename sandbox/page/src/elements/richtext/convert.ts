// Between the editor's tree and Slack's rich_text. Mentions, links and emoji come in as plain text.
import { $createListItemNode, $createListNode, $isListItemNode, $isListNode, type ListNode } from "@lexical/list";
import { $createQuoteNode, $isQuoteNode } from "@lexical/rich-text";
import {
  $createLineBreakNode,
  $createParagraphNode,
  $createTextNode,
  $getRoot,
  $isElementNode,
  $isLineBreakNode,
  $isTextNode,
  type ElementNode,
  type LexicalNode,
  type TextFormatType,
} from "lexical";

export interface Piece {
  type: string;
  text?: string;
  url?: string;
  name?: string;
  user_id?: string;
  channel_id?: string;
  style?: Partial<Record<Style, boolean>>;
}

export interface Part {
  type: string;
  style?: string;
  elements: (Piece | Part)[];
}

export interface RichText {
  type: "rich_text";
  elements: Part[];
}

type Style = "bold" | "italic" | "strike" | "code";

/** Slack's names of the styles, and the editor's. */
const STYLES: [Style, TextFormatType][] = [
  ["bold", "bold"],
  ["italic", "italic"],
  ["strike", "strikethrough"],
  ["code", "code"],
];

/** The editor's content; null when nothing is written. Called within a read of the editor. */
export function $toRichText(): RichText | null {
  const root = $getRoot();
  if (root.getTextContent().trim() === "") return null;
  return { type: "rich_text", elements: joined(root.getChildren().flatMap($partsOf)) };
}

function $partsOf(node: LexicalNode): Part[] {
  if ($isListNode(node)) return [$listPart(node)];
  if (!$isElementNode(node)) return [];
  const type = $isQuoteNode(node) ? "rich_text_quote" : "rich_text_section";
  return [{ type, elements: $piecesOf(node) }];
}

function $listPart(list: ListNode): Part {
  const items = list.getChildren().filter($isListItemNode);
  return {
    type: "rich_text_list",
    style: list.getListType() === "number" ? "ordered" : "bullet",
    elements: items.map((item) => ({ type: "rich_text_section", elements: $piecesOf(item) })),
  };
}

function $piecesOf(parent: ElementNode): Piece[] {
  return parent.getChildren().flatMap((node): Piece[] => {
    if ($isLineBreakNode(node)) return [{ type: "text", text: "\n" }];
    if (!$isTextNode(node)) return [];
    const styles = STYLES.filter(([, format]) => node.hasFormat(format)).map(([style]) => [style, true]);
    const piece: Piece = { type: "text", text: node.getTextContent() };
    return [styles.length > 0 ? { ...piece, style: Object.fromEntries(styles) } : piece];
  });
}

/** Paragraphs one after the other are one section, with line breaks between them, as Slack has it. */
function joined(parts: Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.type === "rich_text_section" && last?.type === "rich_text_section") {
      last.elements.push({ type: "text", text: "\n" }, ...part.elements);
    } else {
      result.push(part);
    }
  }
  return result.map((part) => (part.elements.length > 0 ? part : { ...part, elements: [{ type: "text", text: "\n" }] }));
}

/** Fills the editor. Called within an update of it. */
export function $fromRichText(content: RichText): void {
  const root = $getRoot();
  root.clear();
  for (const part of content.elements) root.append($nodeOf(part));
}

function $nodeOf(part: Part): ElementNode {
  if (part.type === "rich_text_list") {
    const list = $createListNode(part.style === "ordered" ? "number" : "bullet");
    for (const item of part.elements) list.append($createListItemNode().append(...$textsOf(item as Part)));
    return list;
  }
  const node = part.type === "rich_text_quote" ? $createQuoteNode() : $createParagraphNode();
  return node.append(...$textsOf(part));
}

function $textsOf(part: Part): LexicalNode[] {
  return part.elements.flatMap((piece) => $piece(piece as Piece));
}

function $piece(piece: Piece): LexicalNode[] {
  const lines = textOf(piece).split("\n");
  return lines.flatMap((line, index) => {
    const nodes: LexicalNode[] = index > 0 ? [$createLineBreakNode()] : [];
    if (!line) return nodes;
    const text = $createTextNode(line);
    for (const [style, format] of STYLES) if (piece.style?.[style]) text.toggleFormat(format);
    return [...nodes, text];
  });
}

function textOf({ text, url, name, user_id, channel_id }: Piece): string {
  if (name) return `:${name}:`;
  if (user_id) return `@${user_id}`;
  if (channel_id) return `#${channel_id}`;
  return text ?? url ?? "";
}
