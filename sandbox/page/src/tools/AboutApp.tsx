import { CopyButton } from "../shared/CopyButton";
import { Dialog } from "../shared/Dialog";
import { Fact } from "../shared/Fact";
import { useSession } from "../shared/session";
import { isThere, statusOf } from "./AppStatus";
import { Installation } from "./Installation";

/** What the workspace knows of its app, and how to connect one. */
export function AboutApp({ onClose }: { onClose: () => void }) {
  const { workspace, words } = useSession();
  const { app, commands } = workspace;
  return (
    <Dialog title={words.app.title(app.name)} testId="about-app" light onClose={onClose}>
      <div className="dialog__body dialog__fields">
        <p className={isThere(app) ? "note note--good" : "note"}>
          {[statusOf(app, words), app.transport === "http" ? words.app.viaHttp : words.app.viaSocket].join(" · ")}
        </p>
        {app.transport === "socket" && app.connections === 0 && <HowToConnect />}
        <dl className="facts">
          <Fact name={words.app.id}>
            <code>{app.id}</code>
          </Fact>
          <Fact name={words.app.bot}>
            <code>{app.bot_user_id}</code>
          </Fact>
          {app.installed && <Fact name={words.app.scopes}>{app.scopes.join(", ") || words.app.noScopes}</Fact>}
        </dl>
        <section aria-label={words.app.commands}>
          <h3 className="details__title">{words.app.commands}</h3>
          {commands.length === 0 && <p>{words.app.noCommands}</p>}
          <dl className="facts">
            {commands.map(({ command, usage_hint, description }) => (
              <Fact key={command} name={`${command} ${usage_hint ?? ""}`}>
                {description}
              </Fact>
            ))}
          </dl>
        </section>
        <Installation />
      </div>
    </Dialog>
  );
}

/** The lines that point an app at this workspace. */
function HowToConnect() {
  const { words } = useSession();
  const code = [
    `client = WebClient(token="xoxb-sandbox", base_url="${window.location.origin}/api/")`,
    `SocketModeHandler(App(client=client), app_token="xapp-sandbox").start()`,
  ].join("\n");
  return (
    <section className="connect" aria-label={words.app.connect}>
      <h3 className="details__title">{words.app.connect}</h3>
      <p>{words.app.connectHow}</p>
      <pre tabIndex={0}>{code}</pre>
      <p>
        {words.app.connectTokens} <CopyButton text={code} />
      </p>
    </section>
  );
}
