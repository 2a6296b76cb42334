import { useSession } from "../shared/session";
import type { AppInfo } from "../shared/types";
import type { Words } from "../words";

/** Whether the app is there, as a line that opens what is known of it. */
export function AppStatus() {
  const { workspace, words, openTool } = useSession();
  const { app } = workspace;
  return (
    <button type="button" className="status" data-testid="app-status" onClick={() => openTool("app")}>
      <span className={isThere(app) ? "status__dot status__dot--on" : "status__dot"} />
      <span className="status__text">
        {statusOf(app, words)}
      </span>
    </button>
  );
}

/** Whether the app is installed and can be reached. */
export function isThere(app: AppInfo): boolean {
  return app.installed && app.connections > 0;
}

export function statusOf(app: AppInfo, words: Words): string {
  if (!app.installed) return words.app.uninstalled(app.name);
  return app.connections > 0 ? words.app.connected(app.name) : words.app.waiting(app.name);
}
