import { type FormEvent, useEffect, useState } from "react";
import { Dialog } from "../shared/Dialog";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { Faults as FaultSettings } from "../shared/types";
import { FaultField } from "./FaultField";
import { ALL_OFF, FAULT_FIELDS } from "./faultFields";

/** Switches that make the workspace behave as a bad day does. */
export function Faults({ onClose }: { onClose: () => void }) {
  const { words, notify } = useSession();
  const [faults, setFaults] = useState<FaultSettings | null>(null);
  const [methods, setMethods] = useState("");
  const show = (settings: FaultSettings) => {
    setFaults(settings);
    setMethods(settings.methods?.join(", ") ?? "");
  };
  useEffect(() => {
    api.faults().then(show, (problem: Error) => notify(problem.message));
  }, [notify]);

  const set = async (settings: FaultSettings) => {
    try {
      await api.setFaults(settings);
      onClose();
    } catch (problem) {
      notify((problem as Error).message);
    }
  };
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const named = methods.split(/[\s,]+/).filter(Boolean);
    if (faults) void set({ ...faults, methods: named.length > 0 ? named : null });
  };
  const disconnect = (reason: "refresh_requested" | null, done: string) =>
    api.disconnect(reason).then(
      () => notify(done),
      (problem: Error) => notify(problem.message),
    );

  // The dialog begins at its first field, which is there only then.
  if (!faults) return null;
  return (
    <Dialog title={words.faults.title} testId="faults" onClose={onClose}>
      <form className="dialog__form" onSubmit={apply}>
        <div className="dialog__body faults">
          <p className="faults__about">{words.faults.about}</p>
          {FAULT_FIELDS.map((field) => (
            <FaultField
              key={field.name}
              field={field}
              value={faults[field.name]}
              onChange={(value) => setFaults({ ...faults, [field.name]: value })}
            />
          ))}
          <label className="fault fault--wide">
            <span>
              <strong>{words.faults.methods}</strong>
              <small>{words.faults.methodsHow}</small>
            </span>
            <input
              className="input"
              placeholder="chat.postMessage, views.open"
              value={methods}
              onChange={(event) => setMethods(event.target.value)}
            />
          </label>
          <div className="faults__now">
            <button type="button" className="button" onClick={() => disconnect(null, words.faults.dropped)}>
              {words.faults.drop}
            </button>
            <button type="button" className="button" onClick={() => disconnect("refresh_requested", words.faults.refreshed)}>
              {words.faults.refresh}
            </button>
          </div>
        </div>
        <footer className="dialog__footer">
          <button type="button" className="button" onClick={() => void set({ ...faults, ...ALL_OFF })}>
            {words.faults.reset}
          </button>
          <button type="submit" className="button button--primary">
            {words.faults.apply}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
