import { useCombobox } from "downshift";
import { useState } from "react";
import { Icon } from "../shared/Icon";
import { shareEscape } from "../shared/keyboard";
import { useWords } from "../shared/session";
import type { Words } from "../words";
import { PickerMenu } from "./PickerMenu";

export interface Choice {
  key: string;
  label: string;
  detail?: string;
  group?: string;
}

export interface PickerProps {
  choices: Choice[];
  chosen: Choice[];
  multiple: boolean;
  onChoose: (keys: string[]) => void;
  /** Set where the choices come from a search elsewhere: called with what is typed. */
  onSearch?: (text: string) => void;
  /** How much must be typed before such a search begins. */
  leastTyped?: number;
  isSearching?: boolean;
  atMost?: number;
  /** What was chosen can be taken back. */
  clearable?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
  actionId?: string;
  label?: string;
  fieldId?: string;
  labelledBy?: string;
  describedBy?: string;
  invalid?: boolean;
}

/** A searchable select, of one or of several. */
export function Picker(props: PickerProps) {
  const { choices, chosen, multiple, onChoose, onSearch, atMost, label, labelledBy, placeholder } = props;
  const words = useWords();
  const single = multiple ? null : (chosen[0] ?? null);
  const [typed, setTyped] = useState<string | null>(null);
  const search = typed ?? "";
  const taken = new Set(chosen.map(({ key }) => key));
  const shown = choices.filter((choice) => matches(choice, onSearch ? "" : search) && !(multiple && taken.has(choice.key)));
  const full = multiple && atMost !== undefined && chosen.length >= atMost;

  const combobox = useCombobox<Choice>({
    inputId: props.fieldId,
    items: shown,
    itemToString: (choice) => choice?.label ?? "",
    itemToKey: (choice) => choice?.key,
    selectedItem: single,
    inputValue: typed ?? single?.label ?? "",
    isItemDisabled: () => full,
    stateReducer: (_, { type, changes }) => {
      // Leaving the field takes nothing: only Enter or a click chooses.
      if (type === useCombobox.stateChangeTypes.InputBlur) return { ...changes, selectedItem: single };
      // Several are chosen one after the other, with the list open until there are enough.
      if (multiple && changes.selectedItem) return { ...changes, isOpen: chosen.length + 1 < (atMost ?? Number.POSITIVE_INFINITY) };
      return changes;
    },
    onStateChange: ({ type, selectedItem, inputValue }) => {
      const types = useCombobox.stateChangeTypes;
      if (type === types.InputChange) {
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
          placeholder={placeholder ?? words.element.choose}
          data-focus={props.autoFocus || undefined}
          data-action-id={props.actionId}
          {...combobox.getInputProps({
            "aria-label": labelledBy ? undefined : (placeholder ?? label ?? words.element.choose),
            "aria-labelledby": labelledBy,
            "aria-describedby": props.describedBy,
            "aria-invalid": props.invalid,
            onFocus: (event) => event.currentTarget.select(),
            // At once: Downshift tells of it only after drawing, and what was typed meanwhile would be lost.
            onChange: (event) => setTyped(event.currentTarget.value),
            onKeyDown: (event) => shareEscape(event, combobox.isOpen),
          })}
        />
        {single && props.clearable ? (
          <button type="button" className="picker__side" aria-label={words.element.clear} onClick={() => onChoose([])}>
            <Icon name="close" />
          </button>
        ) : (
          <button
            type="button"
            className="picker__side"
            {...combobox.getToggleButtonProps({ "aria-label": words.element.show })}
          >
            <Icon name="down" />
          </button>
        )}
      </div>
      <PickerMenu combobox={combobox} shown={shown} hint={hintFor(props, words, search, full)} />
    </div>
  );
}

function Chosen({ chosen, onRemove }: { chosen: Choice[]; onRemove: (key: string) => void }) {
  const words = useWords();
  if (chosen.length === 0) return null;
  return (
    <ul className="chips">
      {chosen.map(({ key, label }) => (
        <li key={key} className="chip">
          {label}
          <button type="button" aria-label={words.remove(label)} onClick={() => onRemove(key)}>
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
function hintFor(props: PickerProps, { element }: Words, search: string, full: boolean): string {
  const { onSearch, leastTyped = 0, isSearching, atMost = 0 } = props;
  if (full) return element.atMost(atMost);
  if (onSearch && search.length < leastTyped) return element.typeMore(leastTyped);
  return isSearching ? element.searching : element.nothing;
}
