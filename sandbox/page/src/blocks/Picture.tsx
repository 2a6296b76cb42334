import { useState } from "react";
import { Dialog } from "../shared/Dialog";
import { useWords } from "../shared/session";
import { hostElsewhere } from "./elsewhere";

interface Props {
  src: string;
  alt: string;
  title?: string;
}

/** An image with its alternative text; a click shows it as large as the window allows. */
export function Picture({ src, alt, title }: Props) {
  const words = useWords();
  const [large, setLarge] = useState(false);
  const [broken, setBroken] = useState(false);
  const host = hostElsewhere(src);
  if (host || broken) return <NotShown src={src} alt={alt} why={host ? words.message.elsewhere(host) : words.message.unreadable} />;
  return (
    <figure className="picture">
      {title && <figcaption>{title}</figcaption>}
      <button type="button" className="picture__button" aria-label={words.message.enlarge(alt)} onClick={() => setLarge(true)}>
        <img src={src} alt={alt} onError={() => setBroken(true)} />
      </button>
      {large && (
        <Dialog title={title || words.message.image} size="wide" testId="lightbox" light onClose={() => setLarge(false)}>
          <div className="dialog__body picture__large">
            <img src={src} alt={alt} />
            <p>{alt}</p>
          </div>
        </Dialog>
      )}
    </figure>
  );
}

function NotShown({ src, alt, why }: { src: string; alt: string; why: string }) {
  const words = useWords();
  return (
    <figure className="picture picture--away">
      <strong>{alt}</strong>
      <figcaption>
        {why}{" "}
        <a href={src} target="_blank" rel="noopener noreferrer">
          {words.message.open}
        </a>
      </figcaption>
    </figure>
  );
}
