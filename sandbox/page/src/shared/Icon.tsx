// A few line icons, drawn on a 20 px grid.
const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h14M2.5 12.5h14",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4l-6 6 6 6",
  forward: "M8 4l6 6-6 6",
  down: "M5 8l5 5 5-5",
  newest: "M10 3v13M4.5 11l5.5 5.5 5.5-5.5",
  reply: "M4 5h12v8H9l-4 3v-3H4z",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  send: "M3 10l14-6-5 13-2.5-5z",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  pulse: "M2 10h4l2-6 4 12 2-6h4",
  switches: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
  keyboard: "M2.5 5.5h15v9h-15zM6 8.5h.01M9 8.5h.01M12 8.5h.01M15 8.5h.01M7 11.7h6",
  search: "M9 14A5 5 0 1 0 9 4a5 5 0 0 0 0 10zM13 13l4 4",
  people: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 4a3 3 0 0 1 0 5.5M15 12.3c1.8.7 3 2.4 3 4.7",
  shared: "M8 12l4-4M7 9l-2 2a3 3 0 0 0 4 4l2-2M13 11l2-2a3 3 0 0 0-4-4L9 7",
  bolt: "M11 2.5 4.5 11.5H10l-1 6 6.5-9H10z",
  plus: "M10 4v12M4 10h12",
  pencil: "M4 16l1-4 8.5-8.5 3 3L8 15z",
  copy: "M7 7h9v9H7zM4 13V4h9",
  check: "M4 10.5 8 14.5 16 5.5",
  file: "M5 3h7l4 4v10H5zM12 3v4h4",
  trash: "M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11",
  slash: "M12.5 4l-5 12",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zm0 0v1.5a2 2 0 0 0 4 0V10a7 7 0 1 0-2.8 5.6",
  smile: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7 11.5a3.5 3.5 0 0 0 6 0M7.5 8h.01M12.5 8h.01",
  good: "M6 9v8H3.5V9zM6 9l3-6c1.5 0 2 1 2 2v3h4.5l-1 8c-.2.7-.7 1-1.5 1H6",
  bad: "M6 11V3H3.5v8zM6 11l3 6c1.5 0 2-1 2-2v-3h4.5l-1-8c-.2-.7-.7-1-1.5-1H6",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9v4.5M10 6.5h.01",
  bullets: "M8 5h9M8 10h9M8 15h9M3.5 5h.01M3.5 10h.01M3.5 15h.01",
  numbers: "M9 5h8M9 10h8M9 15h8M3 4l1.5-.5V7M3 12.5h2.5L3 16h2.5",
  quote: "M4 4v12M8 6h9M8 10h9M8 14h6",
  play: "M7 4l9 6-9 6z",
} as const;

export type IconName = keyof typeof PATHS;

export function isIcon(name: string): name is IconName {
  return name in PATHS;
}

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
