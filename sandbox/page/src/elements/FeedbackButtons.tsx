import { useState } from "react";
import { Icon } from "../shared/Icon";
import { useWords } from "../shared/session";
import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

/** Two thumbs; the one that was pressed stays marked. */
export function FeedbackButtons({ block, element }: ElementProps) {
  const words = useWords();
  const surface = useSurfaceContext();
  const [given, setGiven] = useState<string | null>(null);
  const choices = [
    { icon: "good", choice: element.positive_button, fallback: words.element.good },
    { icon: "bad", choice: element.negative_button, fallback: words.element.bad },
  ] as const;
  return (
    <span className="feedback" role="group" data-action-id={element.action_id}>
      {choices.map(
        ({ icon, choice, fallback }) =>
          choice && (
            <button
              key={choice.value}
              type="button"
              className="button button--icon"
              aria-label={choice.accessibility_label ?? choice.text.text ?? fallback}
              aria-pressed={given === choice.value}
              title={choice.text.text}
              onClick={async () => {
                const arrived = await surface.press(block, element, { text: choice.text, value: choice.value });
                if (arrived) setGiven(choice.value);
              }}
            >
              <Icon name={icon} />
            </button>
          ),
      )}
      <span className="hidden" role="status">
        {given && words.element.thanks}
      </span>
    </span>
  );
}
