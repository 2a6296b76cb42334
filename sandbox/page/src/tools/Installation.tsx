import { useState } from "react";
import { api } from "../shared/api";
import { useSession } from "../shared/session";

/** Takes the app out of the workspace, and back into it. */
export function Installation() {
  const { me, workspace, words, notify } = useSession();
  const [busy, setBusy] = useState(false);
  const { installed, name } = workspace.app;
  const change = async () => {
    setBusy(true);
    try {
      await (installed ? api.uninstall(me.id) : api.install(me.id));
    } catch (problem) {
      notify((problem as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="note">
      <span>{installed ? words.app.uninstallHow(name) : words.app.installHow(name)}</span>
      <button
        type="button"
        className={installed ? "button button--danger" : "button button--primary"}
        disabled={busy}
        onClick={() => void change()}
      >
        {installed ? words.app.uninstall : words.app.install}
      </button>
    </div>
  );
}
