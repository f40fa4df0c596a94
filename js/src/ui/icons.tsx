/** Line icons on a 20-pixel grid, drawn for this product. They are decoration: buttons have words. */

const PATHS = {
  alert: "M10 3.5 17.5 16.5H2.5Z M10 8.5v3.5 M10 14.2v.1",
  chat: "M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-3.5 3v-3a2 2 0 0 1-2-2Z",
  check: "M4.5 10.5 8.5 14.5 15.5 6",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z M10 6v4l2.5 2",
  close: "M5.5 5.5l9 9 M14.5 5.5l-9 9",
  copy: "M7.5 7.5h8v8h-8Z M12.5 4.5h-8v8",
  down: "M10 4.5v11 M5.5 11l4.5 4.5 4.5-4.5",
  link: "M8.5 11.5a3 3 0 0 0 4.3.2l2.6-2.6a3 3 0 0 0-4.3-4.3l-1 1 M11.5 8.5a3 3 0 0 0-4.3-.2l-2.6 2.6a3 3 0 0 0 4.3 4.3l1-1",
  people:
    "M7.5 9.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5Z M2.5 16c0-2.5 2.2-4 5-4s5 1.5 5 4 M13 4.3a2.75 2.75 0 0 1 0 5 M14.5 12.2c1.8.5 3 1.8 3 3.8",
  qr: "M3.5 3.5h5v5h-5Z M11.5 3.5h5v5h-5Z M3.5 11.5h5v5h-5Z M11.5 11.5h2v2h-2Z M16.5 11.5v.1 M16.5 14.5v2h-2 M11.5 16.5v.1",
  send: "M3.5 10h12 M10.5 5l5 5-5 5",
  share: "M10 12.5v-9 M6.5 6.5 10 3l3.5 3.5 M4 10.5v5a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1v-5",
  stop: "M5.5 5.5h9v9h-9Z",
  unlink:
    "M8.5 5.8l2-1.9a3 3 0 0 1 4.3 4.3l-1.9 2 M11.5 14.2l-2 1.9a3 3 0 0 1-4.3-4.3l1.9-2 M4 4l12 12",
  widgets: "M3.5 5.5h13 M3.5 10h13 M3.5 14.5h13 M7 4v3 M13 8.5v3 M9 13v3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
