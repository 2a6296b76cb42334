import type { ReactNode } from "react";
import type { Block, Element } from "../shared/types";
import { ButtonElement, FeedbackButtons } from "./ButtonElement";
import { CheckboxesElement, RadioElement } from "./ChoiceElements";
import { DateElement } from "./DateElement";
import { OverflowElement } from "./OverflowElement";
import { ExternalSelect, OptionSelect, PlaceSelect, UserSelect } from "./SelectElements";
import { TextElement } from "./TextElement";

export interface ElementProps {
  block: Block;
  element: Element;
  /** What a screen reader calls the element where no visible label belongs to it. */
  label?: string;
  labelledBy?: string;
  describedBy?: string;
  invalid?: boolean;
}

const VIEWS: Record<string, (props: ElementProps) => ReactNode> = {
  button: ButtonElement,
  icon_button: ButtonElement,
  feedback_buttons: FeedbackButtons,
  overflow: OverflowElement,
  static_select: OptionSelect,
  multi_static_select: OptionSelect,
  external_select: ExternalSelect,
  multi_external_select: ExternalSelect,
  users_select: UserSelect,
  multi_users_select: UserSelect,
  conversations_select: PlaceSelect,
  multi_conversations_select: PlaceSelect,
  channels_select: PlaceSelect,
  multi_channels_select: PlaceSelect,
  datepicker: DateElement,
  timepicker: DateElement,
  datetimepicker: DateElement,
  radio_buttons: RadioElement,
  checkboxes: CheckboxesElement,
  plain_text_input: TextElement,
  email_text_input: TextElement,
  url_text_input: TextElement,
  number_input: TextElement,
};

/** Draws one interactive element, and says so where the workspace has none of its kind. */
export function ElementView(props: ElementProps) {
  const View = VIEWS[props.element.type];
  if (!View) return <span className="unsupported">This workspace cannot show a {props.element.type}.</span>;
  return <View {...props} />;
}
