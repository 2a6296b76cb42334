import { useState } from "react";
import { Icon } from "../shared/Icon";
import { useWords } from "../shared/session";
import type { Block, Cell } from "../shared/types";
import { LibraryBlocks } from "./LibraryBlocks";
import { ScrollingTable } from "./ScrollingTable";

const PAGE_SIZE = 5;

/** A captioned table of data, a page at a time; its first row has the headings. The library knows no such block. */
export function DataTable({ block }: { block: Block }) {
  const words = useWords();
  const [start, setStart] = useState(0);
  const [headings = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? PAGE_SIZE;
  const end = Math.min(start + size, rows.length);
  const rowHeading = block.row_header_column_index ?? 0;
  return (
    <figure className="table">
      <figcaption>{block.caption}</figcaption>
      <ScrollingTable label={block.caption}>
        <table>
          <thead>
            <tr>
              {headings.map((cell, column) => (
                <th key={column} scope="col" className={alignment(rows[0]?.[column] ?? cell)}>
                  <CellContent cell={cell} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(start, end).map((row, index) => (
              <tr key={start + index}>
                {row.map((cell, column) => {
                  const Tag = column === rowHeading ? "th" : "td";
                  return (
                    <Tag key={column} scope={column === rowHeading ? "row" : undefined} className={alignment(cell)}>
                      <CellContent cell={cell} />
                    </Tag>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollingTable>
      {rows.length > size && (
        <div className="table__pages">
          <button
            type="button"
            className="icon-button"
            aria-label={words.element.earlier}
            disabled={start === 0}
            onClick={() => setStart(start - size)}
          >
            <Icon name="back" />
          </button>
          <span role="status">{words.element.rows(start + 1, end, rows.length)}</span>
          <button
            type="button"
            className="icon-button"
            aria-label={words.element.later}
            disabled={end >= rows.length}
            onClick={() => setStart(start + size)}
          >
            <Icon name="forward" />
          </button>
        </div>
      )}
    </figure>
  );
}

function alignment(cell: Cell): string | undefined {
  return cell.type === "raw_number" ? "table__number" : undefined;
}

function CellContent({ cell }: { cell: Cell }) {
  if (cell.type === "rich_text") return <LibraryBlocks blocks={[cell]} />;
  return cell.text;
}
