import { useMemo } from "react";
import { Blocks } from "../blocks/Blocks";
import { Mrkdwn } from "../blocks/Mrkdwn";
import { Picture } from "../blocks/Picture";
import { SurfaceContext, useSurface } from "../elements/surface";
import type { Block, Container, Message, SharedFile } from "../shared/types";

const NO_BLOCKS: Block[] = [];

export function MessageContent({ message }: { message: Message }) {
  const { channel, ts } = message;
  const blocks = message.blocks ?? NO_BLOCKS;
  const container = useMemo<Container>(() => ({ type: "message", channel, ts }), [channel, ts]);
  const { surface } = useSurface(container, blocks);
  return (
    <SurfaceContext value={surface}>
      {blocks.length > 0 && <Blocks blocks={blocks} />}
      {blocks.length === 0 && message.text && <Mrkdwn text={{ type: "mrkdwn", text: message.text }} />}
      {message.files?.map((file) => <SharedFileView key={file.id} file={file} />)}
    </SurfaceContext>
  );
}

function SharedFileView({ file }: { file: SharedFile }) {
  if (file.mimetype.startsWith("image/")) {
    return <Picture src={file.url_private} alt={file.alt_txt || file.title} title={file.title} />;
  }
  return (
    <a className="file" href={file.url_private} download>
      {file.title}
    </a>
  );
}
