// What the composer offers while one types: commands, people, channels and emoji. Values in, values out.
import { findEmoji } from "../shared/emoji";
import { nameOf } from "../shared/format";
import type { Conversation, SlashCommand, User } from "../shared/types";

export type Kind = "commands" | "mentions" | "channels" | "emoji";

export interface Suggestion {
  key: string;
  /** What takes the place of the word being typed. */
  insert: string;
  label: string;
  /** Parameters of a command. */
  usage?: string;
  detail?: string;
  /** Drawn before the label. */
  sign?: string;
  user?: User;
}

export interface Suggestions {
  kind: Kind;
  /** Where the word that is being typed begins; it ends at the caret. */
  start: number;
  items: Suggestion[];
  /** The items tell of what is typed already and cannot be chosen. */
  onlyTells: boolean;
}

export interface Sources {
  commands: SlashCommand[];
  users: User[];
  conversations: Conversation[];
}

const MOST = 8;
/** A sign, then what was typed of the name up to the caret. */
const WORD = /(^|\s)([@#:])([^\s@#:]*)$/;

export function suggestionsFor(text: string, caret: number, sources: Sources): Suggestions | null {
  const before = text.slice(0, caret);
  if (before.startsWith("/")) return commandsFor(text, before, sources.commands);
  const [, , sign, typed = ""] = WORD.exec(before) ?? [];
  if (!sign) return null;
  const found = SOURCES[sign]?.(typed.toLocaleLowerCase(), sources);
  if (!found || found.items.length === 0) return null;
  return { ...found, start: caret - typed.length - 1, onlyTells: false };
}

function commandsFor(text: string, before: string, commands: SlashCommand[]): Suggestions | null {
  const word = text.split(/\s/)[0] ?? "";
  const isComplete = text.length > word.length;
  const wanted = commands.filter(({ command }) =>
    isComplete ? command === word : command.startsWith(before.toLowerCase()),
  );
  if (wanted.length === 0) return null;
  const items = wanted.map(({ command, usage_hint, description }) => ({
    key: command,
    insert: `${command} `,
    label: command,
    usage: usage_hint,
    detail: description,
  }));
  return { kind: "commands", start: 0, items, onlyTells: isComplete };
}

type Search = (typed: string, sources: Sources) => { kind: Kind; items: Suggestion[] };

const SOURCES: Record<string, Search> = {
  "@": (typed, { users }) => ({
    kind: "mentions",
    items: best(
      users.filter((user) => !user.deleted),
      typed,
      (user) => [user.name, user.real_name, user.title ?? ""],
    ).map((user) => ({
      key: user.id,
      insert: `@${user.name} `,
      label: nameOf(user),
      detail: [`@${user.name}`, user.title].filter(Boolean).join(" · "),
      user,
    })),
  }),
  "#": (typed, { conversations }) => ({
    kind: "channels",
    items: best(
      conversations.filter(({ kind }) => kind === "channel"),
      typed,
      ({ name }) => [name],
    ).map(({ id, name, topic }) => ({ key: id, insert: `#${name} `, label: `#${name}`, detail: topic })),
  }),
  // A colon ends many a sentence, so emoji are looked for from the second letter on.
  ":": (typed) => ({
    kind: "emoji",
    items: typed.length < 2 ? [] : emojiNamed(typed),
  }),
};

/** Those whose texts have what was typed, those that begin with it first. */
function best<T>(all: T[], typed: string, textsOf: (one: T) => string[]): T[] {
  const scored = all.flatMap((one) => {
    const texts = textsOf(one).map((text) => text.toLocaleLowerCase());
    if (texts.some((text) => text.startsWith(typed))) return [{ one, score: 0 }];
    return texts.some((text) => text.includes(typed)) ? [{ one, score: 1 }] : [];
  });
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, MOST)
    .map(({ one }) => one);
}

function emojiNamed(typed: string): Suggestion[] {
  return best(findEmoji(typed), typed, ({ name }) => [name]).map(({ name, sign }) => ({
    key: name,
    insert: `:${name}: `,
    label: `:${name}:`,
    sign,
  }));
}
