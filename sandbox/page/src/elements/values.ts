// What a surface's inputs hold, in the shape Slack sends as `state.values`.
import type { Block, Element, StateValues } from "../shared/types";

/** For each element that holds a value: its field in `state.values`, and where its first value comes from. */
const FIELDS: Record<string, [field: string, initial: `initial_${string}`]> = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"],
  file_input: ["files", "initial_files"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  radio_buttons: ["selected_option", "initial_option"],
  checkboxes: ["selected_options", "initial_options"],
};

/** What the person typed or chose, by block_id and action_id; the rest keeps its first value. */
export type Edits = Record<string, Record<string, unknown>>;

export function elementsOf(block: Block): Element[] {
  const all = [block.accessory, block.element, ...(block.elements ?? []), ...(block.actions ?? [])];
  return all.filter((element): element is Element => Boolean(element));
}

/** The blocks, those inside others too. */
export function allBlocks(blocks: Block[]): Block[] {
  return blocks.flatMap((block) => [block, ...allBlocks(block.child_blocks ?? [])]);
}

export function withEdit(edits: Edits, blockId: string, actionId: string, value: unknown): Edits {
  return { ...edits, [blockId]: { ...edits[blockId], [actionId]: value } };
}

/** `place` is the conversation one is in, which some selects begin with. */
export function valueOf(element: Element, blockId: string, edits: Edits, place?: string): unknown {
  const edited = edits[blockId];
  if (edited && element.action_id in edited) return edited[element.action_id];
  const known = FIELDS[element.type];
  if (!known) return undefined;
  const [field, initial] = known;
  if (element[initial] !== undefined) return element[initial];
  if (element.default_to_current_conversation && place) return isList(field) ? [place] : place;
  return isList(field) ? [] : null;
}

/** `{type, selected_option: ...}` and the like: an action's payload, or a value in the state. */
export function asPayload(element: Element, value: unknown): { type: string; [field: string]: unknown } {
  const field = FIELDS[element.type]?.[0];
  if (!field) return { type: element.type };
  // Slack leaves an empty rich text out, and says null for everything else.
  if (value === null && field === "rich_text_value") return { type: element.type };
  return { type: element.type, [field]: value };
}

export function stateValues(blocks: Block[], edits: Edits, place?: string): StateValues {
  const state: StateValues = {};
  for (const block of allBlocks(blocks)) {
    for (const element of elementsOf(block)) {
      if (!FIELDS[element.type]) continue;
      const value = valueOf(element, block.block_id, edits, place);
      state[block.block_id] = { ...state[block.block_id], [element.action_id]: asPayload(element, value) };
    }
  }
  return state;
}

function isList(field: string): boolean {
  return field.endsWith("s");
}
