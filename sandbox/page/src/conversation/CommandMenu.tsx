import type { CommandMenuState } from "./useCommandMenu";

export function CommandMenu({ id, menu }: { id: string; menu: CommandMenuState }) {
  return (
    <ul className="commands" id={id} role="listbox" aria-label="Commands" data-testid="commands">
      {menu.commands.map((command, index) => (
        <li
          key={command.command}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === menu.at}
          className={index === menu.at && !menu.typing ? "commands__one commands__one--at" : "commands__one"}
          // The text keeps the focus while one clicks.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => menu.choose(command)}
        >
          <strong>{command.command}</strong>
          {command.usage_hint && <code>{command.usage_hint}</code>}
          <span>{command.description}</span>
        </li>
      ))}
    </ul>
  );
}
