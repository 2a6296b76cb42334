import { useId } from "react";
import { Mrkdwn } from "../blocks/Mrkdwn";
import type { Option } from "../shared/types";
import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

export function RadioElement(props: ElementProps) {
  const { block, element } = props;
  const surface = useSurfaceContext();
  const chosen = surface.valueOf(block, element) as Option | null;
  return (
    <Choices
      {...props}
      kind="radio"
      isChosen={(option) => option.value === chosen?.value}
      onToggle={(option) => surface.choose(block, element, option)}
    />
  );
}

export function CheckboxesElement(props: ElementProps) {
  const { block, element } = props;
  const surface = useSurfaceContext();
  const chosen = surface.valueOf(block, element) as Option[];
  const has = (option: Option) => chosen.some(({ value }) => value === option.value);
  const toggle = (toggled: Option) => {
    // In the order of the options, as Slack sends them.
    const next = (element.options ?? []).filter((option) => has(option) !== (option.value === toggled.value));
    return surface.choose(block, element, next);
  };
  return <Choices {...props} kind="checkbox" isChosen={has} onToggle={toggle} />;
}

interface ChoicesProps extends ElementProps {
  kind: "radio" | "checkbox";
  isChosen: (option: Option) => boolean;
  onToggle: (option: Option) => void;
}

function Choices({ element, kind, label, labelledBy, describedBy, isChosen, onToggle }: ChoicesProps) {
  const name = useId();
  return (
    <div
      className="choices"
      role={kind === "radio" ? "radiogroup" : "group"}
      aria-label={labelledBy ? undefined : label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      data-action-id={element.action_id}
    >
      {(element.options ?? []).map((option) => (
        <label key={option.value} className="choice">
          <input
            type={kind}
            name={name}
            value={option.value}
            checked={isChosen(option)}
            onChange={() => onToggle(option)}
          />
          <span>
            <Mrkdwn text={option.text} />
            {option.description && <small>{option.description.text}</small>}
          </span>
        </label>
      ))}
    </div>
  );
}
