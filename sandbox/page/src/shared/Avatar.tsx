import { initials } from "./format";
import type { User } from "./types";

const HUES = [162, 205, 28, 262, 340, 95, 232, 48];

function hueOf(id: string): number {
  const sum = [...id].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return HUES[sum % HUES.length] ?? 162;
}

export function Avatar({ user, small = false }: { user: User | undefined; small?: boolean }) {
  const name = user?.real_name || user?.name || "?";
  const kind = user?.is_bot ? "avatar avatar--app" : "avatar";
  const hue = hueOf(user?.id ?? "");
  return (
    <span
      className={small ? `${kind} avatar--small` : kind}
      style={user?.is_bot ? undefined : { background: `hsl(${hue} 42% 88%)`, color: `hsl(${hue} 55% 24%)` }}
      aria-hidden="true"
    >
      {initials(name)}
    </span>
  );
}
