import type { ReactNode } from "react";
import { useWords } from "../shared/session";
import type { Block } from "../shared/types";

interface Props {
  cards: Block[];
  Card: (props: { block: Block }) => ReactNode;
}

/** Cards side by side, to be scrolled through. The library's own has buttons that tell of nothing. */
export function Carousel({ cards, Card }: Props) {
  const words = useWords();
  return (
    <div className="carousel" role="region" aria-label={words.element.cards} tabIndex={0}>
      {cards.map((card, index) => (
        <Card key={card.block_id || index} block={card} />
      ))}
    </div>
  );
}
