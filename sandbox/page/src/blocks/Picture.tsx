import { useState } from "react";
import { Dialog } from "../shared/Dialog";

interface Props {
  src: string;
  alt: string;
  title?: string;
}

/** An image with its alternative text; a click shows it as large as the window allows. */
export function Picture({ src, alt, title }: Props) {
  const [large, setLarge] = useState(false);
  return (
    <figure className="picture">
      {title && <figcaption>{title}</figcaption>}
      <button type="button" className="picture__button" aria-label={`Enlarge: ${alt}`} onClick={() => setLarge(true)}>
        <img src={src} alt={alt} />
      </button>
      {large && (
        <Dialog title={title || "Image"} size="wide" testId="lightbox" onClose={() => setLarge(false)}>
          <div className="dialog__body picture__large">
            <img src={src} alt={alt} />
            <p>{alt}</p>
          </div>
        </Dialog>
      )}
    </figure>
  );
}
