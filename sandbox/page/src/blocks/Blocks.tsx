import type { ReactNode } from "react";
import { ElementView } from "../elements/ElementView";
import { elementsOf } from "../elements/values";
import { firstLine } from "../shared/format";
import type { Block } from "../shared/types";
import { Carousel } from "./Carousel";
import { Container } from "./Container";
import { DataTable } from "./DataTable";
import { InputBlock } from "./InputBlock";
import { LibraryBlocks } from "./LibraryBlocks";
import { Picture } from "./Picture";
import { ScrollingTable } from "./ScrollingTable";
import { Video } from "./Video";

/**
 * Draws blocks. The library draws all that only shows something; what acts (buttons,
 * selects, inputs) is ours, because the library draws those without telling of events.
 */
export function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <OneBlock key={block.block_id || index} block={block} />
      ))}
    </div>
  );
}

const VIEWS: Record<string, (props: { block: Block }) => ReactNode> = {
  image: ({ block }) => <Picture src={block.image_url ?? ""} alt={block.alt_text ?? ""} title={block.title?.text} />,
  input: InputBlock,
  actions: Elements,
  context_actions: Elements,
  section: Section,
  card: Card,
  carousel: ({ block }) => <Carousel cards={(block.elements ?? []) as unknown as Block[]} Card={Card} />,
  container: ({ block }) => <Container block={block}>{<Blocks blocks={block.child_blocks ?? []} />}</Container>,
  table: ({ block }) => (
    <ScrollingTable>
      <LibraryBlocks blocks={[block]} />
    </ScrollingTable>
  ),
  data_table: DataTable,
  video: Video,
};

function OneBlock({ block }: { block: Block }) {
  const View = VIEWS[block.type];
  return View ? <View block={block} /> : <LibraryBlocks blocks={[block]} />;
}

function Section({ block }: { block: Block }) {
  if (!block.accessory || block.accessory.type === "image") return <LibraryBlocks blocks={[block]} />;
  return (
    <div className="section">
      <LibraryBlocks blocks={[{ ...block, accessory: undefined }]} />
      <ElementView block={block} element={block.accessory} label={block.text && firstLine(block.text.text)} />
    </div>
  );
}

function Card({ block }: { block: Block }) {
  return (
    <div className="card">
      <LibraryBlocks blocks={[{ ...block, actions: [] }]} />
      <Elements block={block} />
    </div>
  );
}

function Elements({ block }: { block: Block }) {
  const elements = elementsOf(block);
  if (elements.length === 0) return null;
  return (
    <div className="actions">
      {elements.map((element) => (
        <ElementView key={element.action_id} block={block} element={element} />
      ))}
    </div>
  );
}
