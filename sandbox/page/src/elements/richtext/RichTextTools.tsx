import {
  $isListNode,
  INSERT_ORDERED_LIST_COMMAND,
  INSERT_UNORDERED_LIST_COMMAND,
  REMOVE_LIST_COMMAND,
} from "@lexical/list";
import { $createQuoteNode, $isQuoteNode } from "@lexical/rich-text";
import {
  $createParagraphNode,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  FORMAT_TEXT_COMMAND,
  type LexicalEditor,
  type TextFormatType,
} from "lexical";
import { type ReactNode, useEffect, useState } from "react";
import { Icon } from "../../shared/Icon";
import { useWords } from "../../shared/session";

const FORMATS = ["bold", "italic", "strikethrough", "code"] as const;
type Block = "bullet" | "number" | "quote" | "plain";

interface At {
  formats: TextFormatType[];
  block: Block;
}

/** The buttons above the editor; those are pressed that hold where the caret is. */
export function RichTextTools({ editor, controls }: { editor: LexicalEditor; controls: string }) {
  const { element: said } = useWords();
  const at = useAt(editor);
  const format = (name: (typeof FORMATS)[number]) => editor.dispatchCommand(FORMAT_TEXT_COMMAND, name);
  const list = (kind: "bullet" | "number") => {
    const insert = kind === "bullet" ? INSERT_UNORDERED_LIST_COMMAND : INSERT_ORDERED_LIST_COMMAND;
    editor.dispatchCommand(at.block === kind ? REMOVE_LIST_COMMAND : insert, undefined);
  };
  const button = (label: string, pressed: boolean, act: () => void, sign: ReactNode) => (
    <button
      type="button"
      className="icon-button icon-button--small"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      // The editor keeps the focus and the selection.
      onMouseDown={(event) => event.preventDefault()}
      onClick={act}
    >
      {sign}
    </button>
  );
  return (
    <div className="rich__tools" role="toolbar" aria-label={said.format} aria-controls={controls}>
      {button(said.bold, at.formats.includes("bold"), () => format("bold"), <b>B</b>)}
      {button(said.italic, at.formats.includes("italic"), () => format("italic"), <i>I</i>)}
      {button(said.strike, at.formats.includes("strikethrough"), () => format("strikethrough"), <s>S</s>)}
      {button(said.code, at.formats.includes("code"), () => format("code"), <code>{"<>"}</code>)}
      {button(said.bullets, at.block === "bullet", () => list("bullet"), <Icon name="bullets" />)}
      {button(said.numbers, at.block === "number", () => list("number"), <Icon name="numbers" />)}
      {button(said.quote, at.block === "quote", () => editor.update($toggleQuote), <Icon name="quote" />)}
    </div>
  );
}

/** What holds at the caret, kept up to date. */
function useAt(editor: LexicalEditor): At {
  const [at, setAt] = useState<At>({ formats: [], block: "plain" });
  useEffect(
    () => editor.registerUpdateListener(({ editorState }) => setAt((now) => editorState.read(() => $at() ?? now))),
    [editor],
  );
  return at;
}

function $at(): At | null {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return null;
  const top = selection.anchor.getNode().getTopLevelElement();
  const block = $isListNode(top) ? (top.getListType() === "number" ? "number" : "bullet") : $isQuoteNode(top) ? "quote" : "plain";
  return { formats: FORMATS.filter((name) => selection.hasFormat(name)), block };
}

/** Makes the caret's paragraph a quote, or a quote a paragraph again. */
function $toggleQuote(): void {
  const selection = $getSelection();
  if (!$isRangeSelection(selection)) return;
  const top = selection.anchor.getNode().getTopLevelElement();
  if (!top || !$isElementNode(top) || $isListNode(top)) return;
  const other = $isQuoteNode(top) ? $createParagraphNode() : $createQuoteNode();
  top.replace(other, true);
}
