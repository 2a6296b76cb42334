import { type KeyboardEvent, useState } from "react";
import { Avatar } from "../shared/Avatar";
import { Icon } from "../shared/Icon";
import { nameOf } from "../shared/format";
import { walk } from "../shared/keyboard";
import { useSession } from "../shared/session";
import { Tools } from "../tools/Tools";
import { NewChannel } from "./NewChannel";
import { NewMessage } from "./NewMessage";
import { PersonSwitcher } from "./PersonSwitcher";
import { SidebarSection } from "./SidebarSection";

interface Props {
  onJump: () => void;
  onPerson: (user: string) => void;
}

type Opened = "person" | "channel" | "message" | null;

export function Sidebar({ onJump, onPerson }: Props) {
  const { me, workspace, conversations, words } = useSession();
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const of = (...kinds: string[]) => conversations.filter(({ kind }) => kinds.includes(kind));
  return (
    <nav className="sidebar" aria-label={words.sidebar.label} data-testid="sidebar" data-region>
      <div className="sidebar__header">
        <img className="sidebar__mark" src="/favicon.svg" alt="" />
        <div className="sidebar__names">
          <h1>{workspace.team.name}</h1>
          <p>{words.sidebar.local}</p>
        </div>
      </div>
      <button type="button" className="person" data-testid="acting-as" title={words.sidebar.changePerson} onClick={() => setOpened("person")}>
        <Avatar user={me} />
        <span className="person__text">
          <small>{words.sidebar.actingAs}</small>
          <strong>{nameOf(me)}</strong>
          {me.title && <small>{me.title}</small>}
        </span>
        <Icon name="down" />
      </button>
      <button type="button" className="jump" data-testid="open-jump" aria-keyshortcuts="Control+K Meta+K" onClick={onJump}>
        <Icon name="search" />
        <span>{words.sidebar.jump}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="sidebar__lists" onKeyDown={(event: KeyboardEvent<HTMLDivElement>) => walk(event, "a.conversation")}>
        <SidebarSection title={words.sidebar.apps} conversations={of("app")} />
        <SidebarSection
          title={words.sidebar.channels}
          conversations={of("channel", "private")}
          add={words.sidebar.newChannel}
          onAdd={() => setOpened("channel")}
        />
        <SidebarSection
          title={words.sidebar.directs}
          conversations={of("im", "mpim")}
          add={words.sidebar.newMessage}
          onAdd={() => setOpened("message")}
        />
      </div>
      <Tools />
      {opened === "person" && <PersonSwitcher onClose={close} onPerson={onPerson} />}
      {opened === "channel" && <NewChannel onClose={close} />}
      {opened === "message" && <NewMessage onClose={close} />}
    </nav>
  );
}
