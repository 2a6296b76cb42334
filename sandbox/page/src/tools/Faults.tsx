import { type FormEvent, useEffect, useState } from "react";
import { Dialog } from "../shared/Dialog";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { Faults as FaultSettings } from "../shared/types";

type NumberField = Exclude<keyof FaultSettings, "methods" | "rate_limits">;

const FIELDS: { name: NumberField; label: string; max?: number; step: string }[] = [
  { name: "lose_replies", label: "Share of replies that get lost (0 to 1)", max: 1, step: "0.01" },
  { name: "repeat_deliveries", label: "Share of deliveries sent twice (0 to 1)", max: 1, step: "0.01" },
  { name: "slow_ms", label: "Every answer is late by (ms)", step: "50" },
  { name: "rate_limit_next", label: "Answer 429 to the next … calls", step: "1" },
  { name: "retry_after", label: "…and ask to wait (seconds)", step: "1" },
];

/** Switches that make the workspace behave as a bad day does. */
export function Faults({ onClose }: { onClose: () => void }) {
  const { notify } = useSession();
  const [faults, setFaults] = useState<FaultSettings | null>(null);
  const [methods, setMethods] = useState("");
  const show = (settings: FaultSettings) => {
    setFaults(settings);
    setMethods(settings.methods?.join(", ") ?? "");
  };
  useEffect(() => {
    api.faults().then(show, (problem: Error) => notify(problem.message));
  }, [notify]);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!faults) return;
    const named = methods.split(/[\s,]+/).filter(Boolean);
    try {
      await api.setFaults({ ...faults, methods: named.length > 0 ? named : null });
      onClose();
    } catch (problem) {
      notify((problem as Error).message);
    }
  };
  const disconnect = () =>
    api.disconnect().then(() => notify("The app's sockets were dropped."), (problem: Error) => notify(problem.message));

  return (
    <Dialog title="Faults" testId="faults" onClose={onClose}>
      <form className="dialog__form" onSubmit={save}>
        <div className="dialog__body faults">
          {faults &&
            FIELDS.map(({ name, label, max, step }) => (
              <label key={name} className="faults__field">
                <span>{label}</span>
                <input
                  className="input"
                  type="number"
                  min={0}
                  max={max}
                  step={step}
                  value={faults[name]}
                  onChange={(event) => setFaults({ ...faults, [name]: event.target.valueAsNumber || 0 })}
                />
              </label>
            ))}
          {faults && (
            <label className="faults__field">
              <span>Answer 429 to more than a message a second per channel</span>
              <input
                type="checkbox"
                checked={faults.rate_limits}
                onChange={(event) => setFaults({ ...faults, rate_limits: event.target.checked })}
              />
            </label>
          )}
          <label className="faults__field faults__field--wide">
            <span>Only these methods (empty: all)</span>
            <input
              className="input"
              placeholder="chat.postMessage, views.open"
              value={methods}
              onChange={(event) => setMethods(event.target.value)}
            />
          </label>
        </div>
        <footer className="dialog__footer">
          <button type="button" className="button" onClick={disconnect}>
            Drop the sockets
          </button>
          <button type="submit" className="button button--primary" disabled={!faults}>
            Apply
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
