import { useId } from "react";
import { ElementView } from "../elements/ElementView";
import { useSurfaceContext } from "../elements/surface";
import { useWords } from "../shared/session";
import type { Block } from "../shared/types";

/** What is not one field has no use for a label that leads to it. */
const NOT_ONE_FIELD = new Set(["radio_buttons", "checkboxes", "rich_text_input"]);

/** A labelled input with its hint and, after a refused submission, what is wrong with it. */
export function InputBlock({ block }: { block: Block }) {
  const { errors } = useSurfaceContext();
  const words = useWords();
  const id = useId();
  const error = errors[block.block_id];
  if (!block.element) return null;
  const Label = NOT_ONE_FIELD.has(block.element.type) ? "span" : "label";
  const described = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className={error ? "field field--wrong" : "field"} data-block-id={block.block_id}>
      <Label className="field__label" id={`${id}-label`} htmlFor={Label === "label" ? `${id}-field` : undefined}>
        {block.label?.text}
        {block.optional && <span className="field__optional"> {words.optional}</span>}
      </Label>
      <ElementView
        block={block}
        element={block.element}
        fieldId={`${id}-field`}
        labelledBy={`${id}-label`}
        describedBy={described || undefined}
        invalid={Boolean(error)}
      />
      {error && (
        <p className="field__error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {block.hint && (
        <p className="field__hint" id={`${id}-hint`}>
          {block.hint.text}
        </p>
      )}
    </div>
  );
}
