import { useWords } from "../shared/session";
import type { Field } from "./faultFields";

interface Props {
  field: Field;
  value: number | boolean;
  onChange: (value: number | boolean) => void;
}

export function FaultField({ field: { name, kind }, value, onChange }: Props) {
  const { faults } = useWords();
  return (
    <label className="fault">
      <span>
        <strong>{faults[name]}</strong>
        <small>{faults[`${name}How`]}</small>
      </span>
      {kind === "switch" ? (
        <input type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />
      ) : (
        <input
          className="input"
          type="number"
          min={0}
          max={kind === "share" ? 1 : undefined}
          step={kind === "number" ? "1" : "0.01"}
          value={Number(value)}
          onChange={(event) => onChange(event.target.valueAsNumber || 0)}
        />
      )}
    </label>
  );
}
