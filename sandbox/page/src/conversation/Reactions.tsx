import { emojiNamed } from "../shared/emoji";
import { nameOf } from "../shared/format";
import { useSession } from "../shared/session";

interface Props {
  reactions: Record<string, string[]>;
  onReact: (name: string) => void;
}

/** Who reacted how; a press adds one's own, or takes it away. */
export function Reactions({ reactions, onReact }: Props) {
  const { me, people, words } = useSession();
  return (
    <ul className="reactions" aria-label={words.message.reactions}>
      {Object.entries(reactions).map(([name, users]) => (
        <li key={name}>
          <button
            type="button"
            className="reaction"
            aria-pressed={users.includes(me.id)}
            aria-label={words.message.reaction(name, users.length)}
            title={users.map((user) => nameOf(people.get(user))).join(", ")}
            onClick={() => onReact(name)}
          >
            <span aria-hidden="true">{emojiNamed(name) ?? `:${name}:`}</span>
            {users.length}
          </button>
        </li>
      ))}
    </ul>
  );
}
