import { useCombobox } from "downshift";
import { useState } from "react";
import { Icon } from "../shared/Icon";
import { shareEscape } from "../shared/keyboard";
import type { ElementProps } from "./ElementView";
import { PickerMenu } from "./PickerMenu";

export interface Choice {
  key: string;
  label: string;
  detail?: string;
  group?: string;
}

interface Props extends ElementProps {
  choices: Choice[];
  chosen: Choice[];
  multiple: boolean;
  onChoose: (keys: string[]) => void;
  /** Set where the choices come from a search elsewhere: called with what is typed. */
  onSearch?: (text: string) => void;
}

/** A searchable select, of one or of several. */
export function Picker(props: Props) {
  const { element, block, choices, chosen, multiple, onChoose, onSearch, label, labelledBy, describedBy, invalid } = props;
  const single = multiple ? null : (chosen[0] ?? null);
  const [typed, setTyped] = useState<string | null>(null);
  const search = typed ?? "";
  const taken = new Set(chosen.map(({ key }) => key));
  const shown = choices.filter((choice) => matches(choice, onSearch ? "" : search) && !(multiple && taken.has(choice.key)));
  const full = multiple && element.max_selected_items !== undefined && chosen.length >= element.max_selected_items;

  const combobox = useCombobox<Choice>({
    items: shown,
    itemToString: (choice) => choice?.label ?? "",
    itemToKey: (choice) => choice?.key,
    selectedItem: single,
    inputValue: typed ?? single?.label ?? "",
    isItemDisabled: () => full,
    stateReducer: (_, { type, changes }) => {
      // Leaving the field takes nothing: only Enter or a click chooses.
      if (type === useCombobox.stateChangeTypes.InputBlur) return { ...changes, selectedItem: single };
      // Several are chosen one after the other, with the list open.
      if (multiple && changes.selectedItem) return { ...changes, isOpen: true };
      return changes;
    },
    onStateChange: ({ type, selectedItem, inputValue }) => {
      const types = useCombobox.stateChangeTypes;
      if (type === types.InputChange) {
        setTyped(inputValue ?? "");
        onSearch?.(inputValue ?? "");
      } else if (type === types.ItemClick || type === types.InputKeyDownEnter) {
        setTyped(null);
        if (selectedItem) onChoose(multiple ? [...taken, selectedItem.key] : [selectedItem.key]);
      } else if (type === types.InputBlur || type === types.InputKeyDownEscape) {
        setTyped(null);
      }
    },
  });

  return (
    <div className="picker">
      {multiple && <Chosen chosen={chosen} onRemove={(key) => onChoose([...taken].filter((other) => other !== key))} />}
      <div className="picker__field">
        <input
          className="input"
          placeholder={element.placeholder?.text ?? "Choose"}
          autoFocus={element.focus_on_load}
          data-action-id={element.action_id}
          {...combobox.getInputProps({
            "aria-label": labelledBy ? undefined : (element.placeholder?.text ?? label),
            "aria-labelledby": labelledBy,
            "aria-describedby": describedBy,
            "aria-invalid": invalid,
            onFocus: (event) => event.currentTarget.select(),
            onKeyDown: (event) => shareEscape(event, combobox.isOpen),
          })}
        />
        {single && block.optional ? (
          <button type="button" className="picker__side" aria-label="Clear" onClick={() => onChoose([])}>
            <Icon name="close" />
          </button>
        ) : (
          <button
            type="button"
            className="picker__side"
            {...combobox.getToggleButtonProps({ "aria-label": "Show choices" })}
          >
            <Icon name="down" />
          </button>
        )}
      </div>
      <PickerMenu combobox={combobox} shown={shown} hint={hintFor(props, search, full)} />
    </div>
  );
}

function Chosen({ chosen, onRemove }: { chosen: Choice[]; onRemove: (key: string) => void }) {
  if (chosen.length === 0) return null;
  return (
    <ul className="chips">
      {chosen.map(({ key, label }) => (
        <li key={key} className="chip">
          {label}
          <button type="button" aria-label={`Remove ${label}`} onClick={() => onRemove(key)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function matches(choice: Choice, search: string): boolean {
  const text = `${choice.label} ${choice.detail ?? ""}`.toLocaleLowerCase();
  return text.includes(search.trim().toLocaleLowerCase());
}

/** What the open list says when it has nothing to choose. */
function hintFor({ element, onSearch }: Props, search: string, full: boolean): string {
  if (full) return `At most ${element.max_selected_items} can be chosen.`;
  const least = element.min_query_length ?? 3;
  if (onSearch && search.length < least) return `Type at least ${least} characters.`;
  return "Nothing matches.";
}
