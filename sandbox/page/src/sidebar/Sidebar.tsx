import { useState } from "react";
import type { Tool } from "../Workspace";
import { Avatar } from "../shared/Avatar";
import { Icon } from "../shared/Icon";
import { useSession } from "../shared/session";
import type { Conversation } from "../shared/types";
import { ConversationLink } from "./ConversationLink";
import { PersonSwitcher } from "./PersonSwitcher";

interface Props {
  current: Conversation | undefined;
  onTool: (tool: Tool) => void;
  onPerson: (user: string) => void;
}

const SECTIONS: { title: string; kinds: Conversation["kind"][] }[] = [
  { title: "Apps", kinds: ["app"] },
  { title: "Channels", kinds: ["channel", "private"] },
  { title: "Direct messages", kinds: ["im", "mpim"] },
];

export function Sidebar({ current, onTool, onPerson }: Props) {
  const { me, workspace, conversations } = useSession();
  const [switching, setSwitching] = useState(false);
  return (
    <nav className="sidebar" aria-label="Conversations" data-testid="sidebar">
      <header className="sidebar__header">
        <h1>{workspace.team.name}</h1>
        <p>Local workspace</p>
      </header>
      <button type="button" className="person" data-testid="acting-as" onClick={() => setSwitching(true)}>
        <Avatar user={me} />
        <span className="person__text">
          <small>Acting as</small>
          <strong>{me.real_name || me.name}</strong>
          {me.title && <small>{me.title}</small>}
        </span>
        <Icon name="down" />
      </button>
      <div className="sidebar__lists">
        {SECTIONS.map(({ title, kinds }) => (
          <Section
            key={title}
            title={title}
            conversations={conversations.filter(({ kind }) => kinds.includes(kind))}
            current={current}
          />
        ))}
      </div>
      <footer className="sidebar__footer">
        <button type="button" className="quiet" data-testid="open-inspector" onClick={() => onTool("inspector")}>
          <Icon name="pulse" /> Traffic
        </button>
        <button type="button" className="quiet" data-testid="open-faults" onClick={() => onTool("faults")}>
          <Icon name="switches" /> Faults
        </button>
      </footer>
      {switching && <PersonSwitcher onClose={() => setSwitching(false)} onPerson={onPerson} />}
    </nav>
  );
}

interface SectionProps {
  title: string;
  conversations: Conversation[];
  current: Conversation | undefined;
}

function Section({ title, conversations, current }: SectionProps) {
  if (conversations.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <ConversationLink conversation={conversation} isCurrent={conversation.id === current?.id} />
          </li>
        ))}
      </ul>
    </section>
  );
}
