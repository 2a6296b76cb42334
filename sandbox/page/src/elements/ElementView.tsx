import type { ReactNode } from "react";
import { useSession } from "../shared/session";
import type { Block, Element } from "../shared/types";
import { ButtonElement, IconButton, WorkflowButton } from "./ButtonElement";
import { CheckboxesElement, RadioElement } from "./ChoiceElements";
import { DateElement } from "./DateElement";
import { FeedbackButtons } from "./FeedbackButtons";
import { FileElement } from "./FileElement";
import { OverflowElement } from "./OverflowElement";
import { ExternalSelect, OptionSelect, PlaceSelect, UserSelect } from "./SelectElements";
import { TextElement } from "./TextElement";
import { RichTextElement } from "./richtext/RichTextElement";

export interface ElementProps {
  block: Block;
  element: Element;
  /** What a screen reader calls the element where no visible label belongs to it. */
  label?: string;
  /** The id that a visible label leads to. */
  fieldId?: string;
  labelledBy?: string;
  describedBy?: string;
  invalid?: boolean;
}

const VIEWS: Record<string, (props: ElementProps) => ReactNode> = {
  button: ButtonElement,
  workflow_button: WorkflowButton,
  icon_button: IconButton,
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
  rich_text_input: RichTextElement,
  file_input: FileElement,
};

/** Draws one interactive element, and says so where the workspace has none of its kind. */
export function ElementView(props: ElementProps) {
  const { me, words } = useSession();
  const { type, visible_to_user_ids: only } = props.element;
  if (only && only.length > 0 && !only.includes(me.id)) return null;
  const View = VIEWS[type];
  if (!View) return <span className="unsupported">{words.element.unsupported(type)}</span>;
  return <View {...props} />;
}
