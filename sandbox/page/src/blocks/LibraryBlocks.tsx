import { useMemo } from "react";
import { type Block as LibraryBlock, Message as LibraryMessage, type MessageProps } from "slack-blocks-to-jsx";
import { type Viewer, nameOf, slackDate } from "../shared/format";
import { useDark } from "../shared/media";
import { useSession } from "../shared/session";
import type { Block } from "../shared/types";
import type { Words } from "../words";
import { forLibrary } from "./entities";

/** Draws blocks by slack-blocks-to-jsx, with the workspace's names and the viewer's time zone. */
export function LibraryBlocks({ blocks }: { blocks: Block[] }) {
  const { me, words, workspace } = useSession();
  const channels = useChannelNames();
  const dark = useDark();
  const { users, usergroups } = workspace;
  // Drawing is slow beside all else: it is done again only for what it depends on.
  return useMemo(() => {
    const data = {
      users: users.map((user) => ({ id: user.id, name: nameOf(user) })),
      channels,
      user_groups: usergroups.map(({ id, handle }) => ({ id, name: handle })),
    };
    return (
      <LibraryMessage
        // The server has checked them; the library's types ask for literals that JSON does not carry.
        blocks={forLibrary(blocks) as unknown as LibraryBlock[]}
        data={data}
        hooks={hooksFor(me, words)}
        theme={dark ? "dark" : "light"}
        withoutWrapper
        name=""
        logo=""
      />
    );
  }, [blocks, me, words, users, usergroups, channels, dark]);
}

/** The same list until a name changes: unread counts change with every message. */
function useChannelNames(): { id: string; name: string }[] {
  const { conversations } = useSession();
  const names = JSON.stringify(conversations.map(({ id, name }) => ({ id, name })));
  return useMemo(() => JSON.parse(names), [names]);
}

function hooksFor(me: Viewer, words: Words): MessageProps["hooks"] {
  const group = (name: string) => <span className="mention">@{name}</span>;
  return {
    user: ({ id, name }) => <span className={id === me.id ? "mention mention--me" : "mention"}>@{name || id}</span>,
    channel: ({ id, name }) => <span className="mention">#{name || id}</span>,
    usergroup: ({ id, name }) => group(name || id),
    atChannel: () => group("channel"),
    atHere: () => group("here"),
    atEveryone: () => group("everyone"),
    date: ({ timestamp, format, link, fallback }) => {
      const time = <time title={fallback}>{slackDate(timestamp, format, me, words)}</time>;
      if (!link) return time;
      return (
        <a href={link} target="_blank" rel="noopener noreferrer">
          {time}
        </a>
      );
    },
    link: ({ href, children, className }) => (
      <a href={href} className={className} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    ),
  };
}
