import type { CSSProperties } from "react";
import { initials, nameOf } from "./format";
import type { User } from "./types";

const HUES = [162, 205, 28, 262, 340, 95, 232, 48];

function hueOf(id: string): number {
  const sum = [...id].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return HUES[sum % HUES.length] ?? 162;
}

export function Avatar({ user, small = false }: { user: User | undefined; small?: boolean }) {
  const classes = ["avatar", user?.is_bot && "avatar--app", small && "avatar--small"];
  const hue = { "--hue": hueOf(user?.id ?? "") } as CSSProperties;
  return (
    <span className={classes.filter(Boolean).join(" ")} style={hue} aria-hidden="true">
      {initials(nameOf(user))}
    </span>
  );
}
