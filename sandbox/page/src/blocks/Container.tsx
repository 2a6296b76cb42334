import { type ReactNode, useId, useState } from "react";
import { Icon } from "../shared/Icon";
import type { Block } from "../shared/types";
import { LibraryBlocks } from "./LibraryBlocks";
import { Mrkdwn } from "./Mrkdwn";

/** A box around other blocks, which may act; it folds up where the app allows. */
export function Container({ block, children }: { block: Block; children: ReactNode }) {
  const { is_collapsible: folds, default_collapsed, title, rich_text_title, subtitle, icon } = block;
  const [isOpen, setOpen] = useState(!(folds && default_collapsed));
  const id = useId();
  const head = (
    <>
      {icon?.image_url && <img className="container__icon" src={icon.image_url} alt={icon.alt_text ?? ""} />}
      <span className="container__titles">
        {rich_text_title ? <LibraryBlocks blocks={[rich_text_title]} /> : <strong>{title?.text}</strong>}
        {subtitle && <Mrkdwn text={subtitle} />}
      </span>
    </>
  );
  return (
    <section className="container" aria-labelledby={id} data-width={block.width}>
      {folds ? (
        <button type="button" id={id} className="container__head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {head}
          <span className={isOpen ? "container__caret container__caret--open" : "container__caret"}>
            <Icon name="down" />
          </span>
        </button>
      ) : (
        <div id={id} className="container__head">
          {head}
        </div>
      )}
      {isOpen && <div className="container__body">{children}</div>}
    </section>
  );
}
