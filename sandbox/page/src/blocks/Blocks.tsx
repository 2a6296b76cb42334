import { ElementView } from "../elements/ElementView";
import { elementsOf } from "../elements/values";
import type { Block } from "../shared/types";
import { InputBlock } from "./InputBlock";
import { LibraryBlocks } from "./LibraryBlocks";
import { Picture } from "./Picture";

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

function OneBlock({ block }: { block: Block }) {
  switch (block.type) {
    case "image":
      return <Picture src={block.image_url ?? ""} alt={block.alt_text ?? ""} title={block.title?.text} />;
    case "input":
      return <InputBlock block={block} />;
    case "actions":
    case "context_actions":
      return <Elements block={block} />;
    case "section":
      return <Section block={block} />;
    case "card":
      return (
        <div>
          <LibraryBlocks blocks={[{ ...block, actions: [] }]} />
          <Elements block={block} />
        </div>
      );
    default:
      return <LibraryBlocks blocks={[block]} />;
  }
}

function Section({ block }: { block: Block }) {
  if (!block.accessory || block.accessory.type === "image") return <LibraryBlocks blocks={[block]} />;
  return (
    <div className="section">
      <LibraryBlocks blocks={[{ ...block, accessory: undefined }]} />
      <ElementView block={block} element={block.accessory} label={block.text?.text} />
    </div>
  );
}

function Elements({ block }: { block: Block }) {
  return (
    <div className="actions">
      {elementsOf(block).map((element) => (
        <ElementView key={element.action_id} block={block} element={element} />
      ))}
    </div>
  );
}
