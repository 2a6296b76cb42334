import { createEmptyHistoryState, registerHistory } from "@lexical/history";
import { ListItemNode, ListNode, registerList } from "@lexical/list";
import { QuoteNode, registerRichText } from "@lexical/rich-text";
import { type LexicalEditor, createEditor } from "lexical";
import { useEffect, useRef, useState } from "react";
import { $fromRichText, $toRichText, type RichText } from "./convert";

/** Undo puts together what was typed within this time. */
const ONE_STEP_MS = 300;

const THEME = {
  text: { bold: "rich--bold", italic: "rich--italic", strikethrough: "rich--strike", code: "rich--code" },
};

/** An editor in the element it gives a ref for; tells of every change. */
export function useRichText(initial: RichText | null, onChange: (content: RichText | null) => void) {
  const place = useRef<HTMLDivElement>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const [first] = useState(initial);
  const [editor] = useState<LexicalEditor>(() =>
    createEditor({
      namespace: "rich_text_input",
      nodes: [ListNode, ListItemNode, QuoteNode],
      theme: THEME,
      onError: (problem) => {
        throw problem;
      },
    }),
  );
  useEffect(() => {
    const undo = [
      registerRichText(editor),
      registerList(editor),
      registerHistory(editor, createEmptyHistoryState(), ONE_STEP_MS),
      editor.registerUpdateListener(({ editorState, dirtyElements, dirtyLeaves }) => {
        if (dirtyElements.size === 0 && dirtyLeaves.size === 0) return;
        changed.current(editorState.read($toRichText));
      }),
    ];
    editor.setRootElement(place.current);
    if (first) editor.update(() => $fromRichText(first));
    return () => {
      for (const stop of undo) stop();
      editor.setRootElement(null);
    };
  }, [editor, first]);
  return { editor, place };
}
