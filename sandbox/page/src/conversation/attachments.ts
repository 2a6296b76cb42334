// What apps of old put beside a message, as blocks.
import type { Attachment, Block } from "../shared/types";

export function blocksIn(attachment: Attachment): Block[] {
  if (attachment.blocks) return attachment.blocks;
  const { pretext, title, title_link, text, fallback, fields, image_url, footer } = attachment;
  const headline = title && (title_link ? `<${title_link}|${title}>` : `*${title}*`);
  const said = [pretext, headline, text].filter(Boolean).join("\n") || (fields || image_url ? "" : fallback);
  const blocks: Block[] = [];
  if (said) blocks.push({ type: "section", block_id: "", text: { type: "mrkdwn", text: said } });
  if (fields && fields.length > 0) {
    const shown = fields.map((field) => ({ type: "mrkdwn" as const, text: `*${field.title ?? ""}*\n${field.value ?? ""}` }));
    blocks.push({ type: "section", block_id: "", fields: shown });
  }
  if (image_url) blocks.push({ type: "image", block_id: "", image_url, alt_text: fallback || title || image_url });
  if (footer) blocks.push({ type: "section", block_id: "", text: { type: "plain_text", text: footer } });
  return blocks;
}
