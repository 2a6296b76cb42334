import { Avatar } from "../shared/Avatar";
import { SearchDialog } from "../shared/SearchDialog";
import { nameOf } from "../shared/format";
import { useSession } from "../shared/session";
import type { User } from "../shared/types";

interface Props {
  onPerson: (user: string) => void;
  onClose: () => void;
}

/** Finds a person by name, title or address, and becomes that person. */
export function PersonSwitcher({ onPerson, onClose }: Props) {
  const { workspace, words } = useSession();
  const people = workspace.users
    .filter((user) => !user.is_bot && !user.deleted)
    .map((user) => ({
      key: user.id,
      testId: `person-${user.id}`,
      text: [user.real_name, user.name, user.title, user.email, user.id].join(" "),
      row: <PersonRow user={user} />,
    }));
  return (
    <SearchDialog
      title={words.people.title}
      testId="person-switcher"
      label={words.people.find}
      listLabel={words.people.list}
      hint={words.people.hint}
      none={words.people.none}
      items={people}
      onChoose={({ key }) => onPerson(key)}
      onClose={onClose}
    />
  );
}

function PersonRow({ user }: { user: User }) {
  const { me, words } = useSession();
  return (
    <>
      <Avatar user={user} />
      <span className="finder__text">
        <strong>{nameOf(user)}</strong>
        <small>{[user.title, user.email].filter(Boolean).join(" · ")}</small>
      </span>
      {user.is_admin && <span className="badge">{words.people.admin}</span>}
      {user.id === me.id && <span className="badge badge--accent">{words.people.now}</span>}
    </>
  );
}
