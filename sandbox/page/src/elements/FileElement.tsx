import { type DragEvent, useState } from "react";
import { Icon } from "../shared/Icon";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { Element, UploadedFile } from "../shared/types";
import type { Words } from "../words";
import type { ElementProps } from "./ElementView";
import { useSurfaceContext } from "./surface";

/** Slack's own limit where the app sets none. */
const MOST_FILES = 10;

/** Files that are uploaded as they are chosen; the app gets them with the submission. */
export function FileElement({ block, element, fieldId, labelledBy, describedBy, invalid }: ElementProps) {
  const { me, words, notify } = useSession();
  const surface = useSurfaceContext();
  const [uploading, setUploading] = useState<string | null>(null);
  const files = surface.valueOf(block, element) as UploadedFile[];

  const add = async (chosen: File[]) => {
    const problem = problemWith(chosen, files.length, element, words);
    if (problem) return notify(problem);
    let uploaded = files;
    try {
      for (const file of chosen) {
        setUploading(file.name);
        uploaded = [...uploaded, await api.upload(me.id, file)];
        void surface.choose(block, element, uploaded);
      }
    } catch (refusal) {
      notify((refusal as Error).message);
    } finally {
      setUploading(null);
    }
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    void add([...event.dataTransfer.files]);
  };
  return (
    <div className="files" onDragOver={(event) => event.preventDefault()} onDrop={dropped}>
      <ul className="files__list">
        {files.map((file) => (
          <li key={file.id}>
            <Icon name="file" />
            <span>{file.name}</span>
            <button
              type="button"
              className="icon-button icon-button--small"
              aria-label={words.remove(file.name)}
              onClick={() => surface.choose(block, element, files.filter(({ id }) => id !== file.id))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <label className="button files__choose">
        <Icon name="plus" />
        <span aria-hidden="true">{words.element.upload}</span>
        <input
          id={fieldId}
          className="hidden"
          type="file"
          multiple={(element.max_files ?? MOST_FILES) > 1}
          accept={element.filetypes?.map((type) => `.${type}`).join(",")}
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          data-action-id={element.action_id}
          onChange={(event) => {
            void add([...(event.target.files ?? [])]);
            // The same file can be chosen again after it was taken away.
            event.target.value = "";
          }}
        />
      </label>
      <small>{words.element.dropHere}</small>
      <span role="status">{uploading && words.element.uploading(uploading)}</span>
    </div>
  );
}

function problemWith(chosen: File[], already: number, element: Element, { element: said }: Words): string | null {
  const most = element.max_files ?? MOST_FILES;
  if (already + chosen.length > most) return said.tooMany(most);
  const types = element.filetypes ?? [];
  const stranger = chosen.find(({ name }) => types.length > 0 && !types.includes(extensionOf(name)));
  return stranger ? said.wrongType(stranger.name, types.join(", ")) : null;
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}
