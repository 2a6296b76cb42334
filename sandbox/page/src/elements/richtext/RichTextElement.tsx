import { useId } from "react";
import { language } from "../../shared/format";
import { useSession } from "../../shared/session";
import type { ElementProps } from "../ElementView";
import { useSurfaceContext } from "../surface";
import type { RichText } from "./convert";
import { RichTextTools } from "./RichTextTools";
import { useRichText } from "./useRichText";

/** Text with styles, lists and quotes; the app gets it as rich_text. */
export function RichTextElement({ block, element, labelledBy, describedBy, invalid }: ElementProps) {
  const { me } = useSession();
  const surface = useSurfaceContext();
  const id = useId();
  const value = surface.valueOf(block, element) as RichText | null;
  const { editor, place } = useRichText(value, (content) => surface.type(block, element, content));
  return (
    <div className={invalid ? "rich rich--wrong" : "rich"}>
      <RichTextTools editor={editor} controls={id} />
      <div className="rich__frame">
        <div
          ref={place}
          id={id}
          className="rich__text"
          contentEditable
          suppressContentEditableWarning
          role="textbox"
          aria-multiline="true"
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          lang={language(me)}
          data-action-id={element.action_id}
          data-focus={element.focus_on_load || undefined}
          style={{ minHeight: `${(element.min_lines ?? 3) * 1.5 + 1}em`, maxHeight: `${(element.max_lines ?? 12) * 1.5 + 1}em` }}
        />
        {value === null && element.placeholder && (
          <span className="rich__placeholder" aria-hidden="true">
            {element.placeholder.text}
          </span>
        )}
      </div>
    </div>
  );
}
