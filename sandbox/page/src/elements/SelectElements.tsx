import { useEffect, useState } from "react";
import { api } from "../shared/api";
import { nameOf, signedTitle } from "../shared/format";
import { useSession } from "../shared/session";
import type { Conversation, Element, Option, OptionGroup } from "../shared/types";
import type { ElementProps } from "./ElementView";
import { type Choice, Picker, type PickerProps } from "./Picker";
import { useSurfaceContext } from "./surface";

/** How many characters an external select asks for where the app does not say. */
const LEAST_TYPED = 3;

/** Options that the block itself brings. */
export function OptionSelect(props: ElementProps) {
  return <OptionPicker {...props} groups={groupsOf(props.element)} />;
}

/** Options that the app is asked for while one types. */
export function ExternalSelect(props: ElementProps) {
  const { block, element } = props;
  const { me, notify } = useSession();
  const { container } = useSurfaceContext();
  const [query, setQuery] = useState("");
  const [groups, setGroups] = useState<OptionGroup[] | null>([]);
  const leastTyped = element.min_query_length ?? LEAST_TYPED;
  const enough = query.length >= leastTyped;
  useEffect(() => {
    if (!enough) {
      setGroups([]);
      return;
    }
    let current = true;
    setGroups(null);
    api
      .options(me.id, container, block.block_id, element.action_id, query)
      .then((answer) => current && setGroups(groupsOf(answer)))
      .catch((problem: Error) => current && notify(problem.message));
    return () => {
      current = false;
    };
  }, [enough, query, me.id, container, block.block_id, element.action_id, notify]);
  const search = { onSearch: setQuery, leastTyped, isSearching: groups === null };
  return <OptionPicker {...props} groups={groups ?? []} search={search} />;
}

export function UserSelect(props: ElementProps) {
  const { workspace } = useSession();
  const choices = workspace.users
    .filter((user) => !user.deleted)
    .map((user) => ({ key: user.id, label: nameOf(user), detail: user.title || user.email }));
  return <IdPicker {...props} choices={choices} />;
}

/** Channels, or any conversations that the element's filter lets through. */
export function PlaceSelect(props: ElementProps) {
  const { conversations, people, me } = useSession();
  const choices = conversations
    .filter((conversation) => isOffered(conversation, props.element))
    .map((conversation) => ({ key: conversation.id, label: signedTitle(conversation, people, me.id) }));
  return <IdPicker {...props} choices={choices} />;
}

interface OptionPickerProps extends ElementProps {
  groups: OptionGroup[];
  search?: Pick<PickerProps, "onSearch" | "leastTyped" | "isSearching">;
}

/** Chooses among option objects. */
function OptionPicker({ groups, search, ...props }: OptionPickerProps) {
  const { block, element } = props;
  const surface = useSurfaceContext();
  const value = surface.valueOf(block, element) as Option | Option[] | null;
  const chosen = Array.isArray(value) ? value : value ? [value] : [];
  const offered = groups.flatMap((group) => group.options);
  const choose = (keys: string[]) => {
    const options = keys
      .map((key) => [...offered, ...chosen].find((option) => option.value === key))
      .filter((option) => option !== undefined);
    void surface.choose(block, element, isMultiple(element) ? options : (options[0] ?? null));
  };
  return (
    <Picker
      {...forElement(props)}
      {...search}
      choices={groups.flatMap(asChoices)}
      chosen={chosen.flatMap((option) => asChoices({ label: { type: "plain_text", text: "" }, options: [option] }))}
      onChoose={choose}
    />
  );
}

/** Chooses among people or conversations, by id. */
function IdPicker({ choices, ...props }: ElementProps & { choices: Choice[] }) {
  const { block, element } = props;
  const surface = useSurfaceContext();
  const value = surface.valueOf(block, element) as string | string[] | null;
  const ids = Array.isArray(value) ? value : value ? [value] : [];
  const chosen = ids.map((id) => choices.find(({ key }) => key === id) ?? { key: id, label: id });
  const choose = (keys: string[]) =>
    void surface.choose(block, element, isMultiple(element) ? keys : (keys[0] ?? null));
  return <Picker {...forElement(props)} choices={choices} chosen={chosen} onChoose={choose} />;
}

/** What a picker takes from its element. */
function forElement({ block, element, label, fieldId, labelledBy, describedBy, invalid }: ElementProps) {
  return {
    multiple: isMultiple(element),
    atMost: element.max_selected_items,
    clearable: block.optional,
    placeholder: element.placeholder?.text,
    autoFocus: element.focus_on_load,
    actionId: element.action_id,
    label,
    fieldId,
    labelledBy,
    describedBy,
    invalid,
  };
}

function isMultiple(element: Element): boolean {
  return element.type.startsWith("multi_");
}

function groupsOf({ options, option_groups }: { options?: Option[]; option_groups?: OptionGroup[] }): OptionGroup[] {
  return option_groups ?? [{ label: { type: "plain_text", text: "" }, options: options ?? [] }];
}

function asChoices({ label, options }: OptionGroup): Choice[] {
  return options.map((option) => ({
    key: option.value,
    label: option.text.text,
    detail: option.description?.text,
    group: label.text,
  }));
}

function isOffered(conversation: Conversation, element: Element): boolean {
  const kind = conversation.kind === "channel" ? "public" : conversation.kind === "app" ? "im" : conversation.kind;
  if (element.type.endsWith("channels_select")) return kind === "public";
  if (conversation.kind === "app" && element.filter?.exclude_bot_users) return false;
  if (conversation.shared && element.filter?.exclude_external_shared_channels) return false;
  return element.filter?.include?.includes(kind) ?? true;
}
