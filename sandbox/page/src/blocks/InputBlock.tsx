import { useId } from "react";
import { ElementView } from "../elements/ElementView";
import { useSurfaceContext } from "../elements/surface";
import type { Block } from "../shared/types";

/** A labelled input with its hint and, after a refused submission, what is wrong with it. */
export function InputBlock({ block }: { block: Block }) {
  const { errors } = useSurfaceContext();
  const id = useId();
  const error = errors[block.block_id];
  if (!block.element) return null;
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={error ? "field field--wrong" : "field"} data-block-id={block.block_id}>
      <span className="field__label" id={`${id}-label`}>
        {block.label?.text}
        {block.optional && <span className="field__optional"> (optional)</span>}
      </span>
      <ElementView
        block={block}
        element={block.element}
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
