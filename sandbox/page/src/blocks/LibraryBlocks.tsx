import { useMemo } from "react";
import { type Block as LibraryBlock, Message as LibraryMessage, type MessageProps } from "slack-blocks-to-jsx";
import { slackDate } from "../shared/format";
import { useSession } from "../shared/session";
import type { Block, User } from "../shared/types";
import { withSafeEntities } from "./entities";

/** Draws blocks by slack-blocks-to-jsx, with the workspace's names and the viewer's time zone. */
export function LibraryBlocks({ blocks }: { blocks: Block[] }) {
  const { me, workspace, conversations } = useSession();
  const data = useMemo(
    () => ({
      users: workspace.users.map(({ id, real_name, name }) => ({ id, name: real_name || name })),
      channels: conversations.map(({ id, name }) => ({ id, name })),
      user_groups: [],
    }),
    [workspace.users, conversations],
  );
  const safe = useMemo(() => withSafeEntities(blocks), [blocks]);
  const hooks = useMemo(() => hooksFor(me), [me]);
  return (
    <LibraryMessage
      // The server has checked them; the library's types ask for literals that JSON does not carry.
      blocks={safe as unknown as LibraryBlock[]}
      data={data}
      hooks={hooks}
      theme="light"
      withoutWrapper
      name=""
      logo=""
    />
  );
}

function hooksFor(me: User): MessageProps["hooks"] {
  return {
    user: ({ id, name }) => <span className={id === me.id ? "mention mention--me" : "mention"}>@{name || id}</span>,
    channel: ({ id, name }) => <span className="mention">#{name || id}</span>,
    date: ({ timestamp, format, fallback }) => <time title={fallback}>{slackDate(timestamp, format, me)}</time>,
    link: ({ href, children, className }) => (
      <a href={href} className={className} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    ),
  };
}
