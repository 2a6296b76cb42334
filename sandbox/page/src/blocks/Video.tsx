import { Icon } from "../shared/Icon";
import { useWords } from "../shared/session";
import type { Block } from "../shared/types";

/** A video's title and a link to it: the workspace plays nothing from elsewhere. */
export function Video({ block }: { block: Block }) {
  const words = useWords();
  const { title, title_url, video_url = "", alt_text = "", author_name, provider_name, description } = block;
  return (
    <figure className="video">
      <figcaption>
        <strong>{title?.text}</strong>
        <small>{[provider_name, author_name && words.element.by(author_name)].filter(Boolean).join(" · ")}</small>
        {description && <p>{description.text}</p>}
      </figcaption>
      <a className="video__play" href={title_url ?? video_url} target="_blank" rel="noopener noreferrer" aria-label={`${words.element.watch}: ${alt_text}`}>
        <Icon name="play" />
        <span>{words.element.watch}</span>
      </a>
    </figure>
  );
}
