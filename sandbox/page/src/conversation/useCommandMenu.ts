import { type KeyboardEvent, useState } from "react";
import { useSession } from "../shared/session";
import type { SlashCommand } from "../shared/types";

export interface CommandMenuState {
  isOpen: boolean;
  commands: SlashCommand[];
  /** The highlighted entry. */
  at: number;
  /** The command being given parameters: its usage hint stays in view. */
  typing: SlashCommand | undefined;
  choose: (command: SlashCommand) => void;
  /** Handles a key if it is the menu's; says whether it was. */
  takeKey: (event: KeyboardEvent) => boolean;
}

/** Which slash commands fit what is typed so far, and the keys that choose among them. */
export function useCommandMenu(text: string, onComplete: (text: string) => void): CommandMenuState {
  const { workspace } = useSession();
  const [position, setPosition] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const word = text.split(/\s/)[0] ?? "";
  const typing = workspace.commands.find(({ command }) => command === word && text.length > word.length);
  const fitting = text.startsWith("/") && word === text ? workspace.commands.filter(startsWith(word)) : [];
  const commands = typing ? [typing] : fitting;
  const isOpen = commands.length > 0 && dismissed !== text;
  const at = Math.min(position, commands.length - 1);

  const choose = (command: SlashCommand) => {
    setPosition(0);
    onComplete(`${command.command} `);
  };
  const takeKey = (event: KeyboardEvent): boolean => {
    if (!isOpen || typing) return false;
    const highlighted = commands[at];
    // Enter on a command typed out in full sends it.
    const completes = event.key === "Tab" || (event.key === "Enter" && highlighted?.command !== text);
    if (event.key === "ArrowDown") setPosition((at + 1) % commands.length);
    else if (event.key === "ArrowUp") setPosition((at + commands.length - 1) % commands.length);
    else if (event.key === "Escape") setDismissed(text);
    else if (completes && highlighted && !event.shiftKey) choose(highlighted);
    else return false;
    event.preventDefault();
    return true;
  };
  return { isOpen, commands, at, typing, choose, takeKey };
}

function startsWith(word: string): (command: SlashCommand) => boolean {
  return ({ command }) => command.startsWith(word.toLowerCase());
}
