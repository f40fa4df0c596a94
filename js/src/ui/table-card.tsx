/** The first rows of a table in a message. */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Cell, Table, TableColumn } from "../protocol/frames";
import { CopyButton } from "./copy-button";
import { numberFormat } from "./formats";
import { isNumeric, sayingOf } from "./table-cells";
import { locale, TEXTS } from "./texts";
import { tsvOf } from "./tsv";

/** Rows that are shown at first: more would push everybody else's words out of sight. */
const FEW_ROWS = 8;

export function TableCard({ table }: { table: Table }) {
  const [open, setOpen] = useState(false);
  const { card } = TEXTS;
  const { columns, rows, height, width, index } = table;
  const text = useMemo(() => tsvOf(table), [table]);
  const shown = open ? rows : rows.slice(0, FEW_ROWS);
  const size = card.tableSize(height, width);
  const partly = [
    width > columns.length - index ? card.tableFirstColumns(columns.length - index) : "",
    height > rows.length ? card.tableFirstRows(rows.length) : "",
  ].filter((words) => words !== "");
  return (
    <div class="table-card">
      <div class="table-head">
        <span class="table-size">
          <b>{size}</b>
          {partly.length > 0 && <small>{partly.join(", ")}</small>}
        </span>
        <CopyButton text={text} label={card.tableCopy} quiet />
      </div>
      <Scrolled label={card.tableSizeSpoken(height, width)} open={open} held={index > 0}>
        <Grid table={table} rows={shown} />
      </Scrolled>
      {rows.length > FEW_ROWS && (
        <button type="button" class="link-button table-more" onClick={() => setOpen(!open)}>
          {open ? card.tableFewerRows : card.tableAllRows(rows.length)}
        </button>
      )}
    </div>
  );
}

interface ScrolledProps {
  label: string;
  open: boolean;
  /** The first column stays where it is. */
  held: boolean;
  children: preact.ComponentChildren;
}

/** What is wider than the message is scrolled, and an edge shows that there is more of it. */
function Scrolled({ label, open, held, children }: ScrolledProps) {
  const place = useRef<HTMLDivElement>(null);
  const [edges, setEdges] = useState({ start: false, end: false });
  const look = (): void => {
    const { current } = place;
    if (current === null) return;
    const { scrollWidth, clientWidth } = current;
    const at = Math.abs(current.scrollLeft); // below 0 where one reads from the right
    setEdges({ start: at > 1, end: at < scrollWidth - clientWidth - 1 });
  };
  useLayoutEffect(() => {
    const { current } = place;
    if (current === null) return;
    const sizes = new ResizeObserver(look);
    sizes.observe(current);
    return () => sizes.disconnect();
  }, []);
  return (
    <div class="table-around" data-start={edges.start} data-end={edges.end} data-held={held}>
      <section
        ref={place}
        class="table-scroll"
        data-open={open}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the arrow keys
        tabIndex={0}
        onScroll={look}
        // The arrow keys scroll it; the list around would go to another message.
        onKeyDown={(event) => event.key.startsWith("Arrow") && event.stopPropagation()}
      >
        {children}
      </section>
    </div>
  );
}

function Grid({ table, rows }: { table: Table; rows: readonly Cell[][] }) {
  const { columns, index } = table;
  // By all that has come: what is opened does not change how the others are written.
  const sayings = useMemo(
    () =>
      columns.map((column, at) =>
        sayingOf(
          column,
          table.rows.map((row) => row[at] ?? null),
        ),
      ),
    [table, locale()],
  );
  return (
    <table>
      <caption class="only-read">{TEXTS.card.tableSizeSpoken(table.height, table.width)}</caption>
      <thead>
        <tr>
          {columns.map((column, at) => (
            <th key={at} scope="col" data-kind={column.kind} data-index={at < index}>
              <Heading column={column} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, n) => (
          <tr key={n}>
            {columns.map((column, at) => (
              <GridCell
                key={at}
                column={column}
                cell={row[at] ?? null}
                words={sayings[at]?.(row[at] ?? null) ?? ""}
                isIndex={at < index}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Heading({ column: { name, dtype } }: { column: TableColumn }) {
  return (
    <>
      <bdi title={name}>{name}</bdi>
      <small title={dtype}>{dtype}</small>
    </>
  );
}

interface GridCellProps {
  column: TableColumn;
  cell: Cell;
  words: string;
  isIndex: boolean;
}

function GridCell({ column, cell, words, isIndex }: GridCellProps) {
  const missing = cell === null;
  const text = missing
    ? ""
    : typeof cell === "number" && isNumeric(column)
      ? exact(cell)
      : `${cell}`;
  const inside = missing ? (
    <>
      <span aria-hidden="true">{words}</span>
      <span class="only-read">{TEXTS.card.missingSpoken}</span>
    </>
  ) : (
    words
  );
  const kind = column.kind;
  const looks = { "data-kind": kind, "data-missing": missing, title: text === words ? "" : text };
  const dir = kind === "text" ? "auto" : undefined;
  return isIndex ? (
    <th scope="row" dir={dir} data-index {...looks}>
      {inside}
    </th>
  ) : (
    <td dir={dir} {...looks}>
      {inside}
    </td>
  );
}

/** With all its digits. */
function exact(value: number): string {
  return Number.isInteger(value) ? numberFormat({}).format(value) : String(value);
}
