// A few line icons, drawn on a 20 px grid.
const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h14M2.5 12.5h14",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  home: "M3 9.5 10 4l7 5.5M5 8.5V16h10V8.5",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4l-6 6 6 6",
  down: "M5 8l5 5 5-5",
  reply: "M4 5h12v8H9l-4 3v-3H4z",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  send: "M3 10l14-6-5 13-2.5-5z",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  pulse: "M2 10h4l2-6 4 12 2-6h4",
  switches: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
  link: "M8 12l4-4M7 9l-2 2a3 3 0 0 0 4 4l2-2M13 11l2-2a3 3 0 0 0-4-4L9 7",
  search: "M9 14A5 5 0 1 0 9 4a5 5 0 0 0 0 10zM13 13l4 4",
  people: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 4a3 3 0 0 1 0 5.5M15 12.3c1.800.7 3 2.400 3 4.700",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
