import type { Text } from "../shared/types";
import { LibraryBlocks } from "./LibraryBlocks";

/** A text object by itself, drawn as a section's text. */
export function Mrkdwn({ text }: { text: Text }) {
  return <LibraryBlocks blocks={[{ type: "section", block_id: "", text }]} />;
}
