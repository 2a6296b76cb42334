import { useMemo } from "react";
import { Blocks } from "../blocks/Blocks";
import { Mrkdwn } from "../blocks/Mrkdwn";
import { Picture } from "../blocks/Picture";
import { Icon } from "../shared/Icon";
import { SurfaceContext, useSurface } from "../elements/surface";
import { blocksIn } from "./attachments";
import type { Attachment, Block, Container, Message, SharedFile } from "../shared/types";

const NO_BLOCKS: Block[] = [];

export function MessageContent({ message }: { message: Message }) {
  const { channel, ts } = message;
  const blocks = message.blocks ?? NO_BLOCKS;
  const container = useMemo<Container>(() => ({ type: "message", channel, ts }), [channel, ts]);
  const all = useMemo(() => [...blocks, ...(message.attachments ?? []).flatMap(blocksIn)], [blocks, message.attachments]);
  const { surface } = useSurface(container, all);
  return (
    <SurfaceContext value={surface}>
      {blocks.length > 0 && <Blocks blocks={blocks} />}
      {blocks.length === 0 && message.text && <Mrkdwn text={{ type: "mrkdwn", text: message.text }} />}
      {message.attachments?.map((attachment, index) => (
        <AttachmentView key={index} attachment={attachment} />
      ))}
      {message.files?.map((file) => <SharedFileView key={file.id} file={file} />)}
    </SurfaceContext>
  );
}

function AttachmentView({ attachment }: { attachment: Attachment }) {
  const color = attachment.color?.match(/^#?([0-9a-f]{6})$/i)?.[1];
  return (
    <div className="attachment" style={color ? { borderColor: `#${color}` } : undefined}>
      <Blocks blocks={blocksIn(attachment)} />
    </div>
  );
}

function SharedFileView({ file }: { file: SharedFile }) {
  if (file.mimetype.startsWith("image/")) {
    return <Picture src={file.url_private} alt={file.alt_txt || file.title} title={file.title} />;
  }
  return (
    <a className="file" href={file.url_private} download>
      <Icon name="file" />
      {file.title}
    </a>
  );
}
