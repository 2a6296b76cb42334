import { Icon } from "../shared/Icon";
import { api } from "../shared/api";
import { draftKey, setDraft } from "../shared/drafts";
import { conversationTitle, isChannel, signedTitle } from "../shared/format";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { isThere, statusOf } from "../tools/AppStatus";
import type { Words } from "../words";

/** How many commands a newcomer is offered. */
const OFFERED = 4;

interface Props {
  conversation: Conversation;
  canWrite: boolean;
}

/** Above the first message: what this place is, and what to do first. */
export function Beginning({ conversation, canWrite }: Props) {
  const { me, people, workspace, words, openTool, notify } = useSession();
  const { app, commands } = workspace;
  const { id, members, topic } = conversation;
  const isMember = members.includes(me.id);
  const appMissing = isChannel(conversation) && !members.includes(app.bot_user_id);
  const addApp = () =>
    api.addMembers(me.id, id, [app.bot_user_id]).catch((problem: Error) => notify(problem.message));
  return (
    <section className="beginning" data-testid="beginning">
      <h3>{headline(conversation, conversationTitle(conversation, people, me.id), words)}</h3>
      {topic && <p>{topic}</p>}
      {canWrite && isMember && commands.length > 0 && (
        <>
          <p>{words.empty.try}</p>
          <ul className="beginning__commands">
            {commands.slice(0, OFFERED).map(({ command, description }) => (
              <li key={command}>
                <button type="button" className="try" title={description} onClick={() => begin(me.id, id, command)}>
                  <code>{command}</code>
                  <span>{description}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {canWrite && isMember && commands.length === 0 && <p>{words.empty.say}</p>}
      {!isThere(app) && (
        <div className="note">
          <Icon name="info" />
          <span>{words.empty.appAway}</span>
          <button type="button" className="button" onClick={() => openTool("app")}>
            {statusOf(app, words)}
          </button>
        </div>
      )}
      {appMissing && (
        <div className="note">
          <Icon name="info" />
          <span>{words.empty.appMissing(app.name, signedTitle(conversation, people, me.id))}</span>
          <button type="button" className="button" onClick={addApp}>
            {words.empty.appAdd(app.name)}
          </button>
        </div>
      )}
    </section>
  );
}

/** Puts a command into the composer, for its parameters to be added. */
function begin(user: string, channel: string, command: string): void {
  setDraft(draftKey(user, channel), `${command} `);
  document.querySelector<HTMLTextAreaElement>(".composer textarea")?.focus();
}

function headline({ kind }: Conversation, title: string, { empty }: Words): string {
  switch (kind) {
    case "channel":
    case "private":
      return empty.channel(title);
    case "im":
      return empty.direct(title);
    case "mpim":
      return empty.group;
    case "app":
      return empty.app(title);
  }
}
