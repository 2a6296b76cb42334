// Where one is: the person one acts as, the conversation, and what is open in it.
// Written as #/USER/CHANNEL/PLACE; ?user=&channel=&place= opens the same view.
import { useCallback, useEffect, useState } from "react";

export interface Route {
  user?: string;
  /** A conversation's id, or `app` for the person's own with the app. */
  channel?: string;
  /** `home` or `messages` in the app, else the `ts` of an open thread. */
  place?: string;
}

export function parseRoute(location: { hash: string; search: string }): Route {
  const [user, channel, place] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  if (user) return { user, channel: channel || undefined, place: place || undefined };
  const query = new URLSearchParams(location.search);
  return {
    user: query.get("user") ?? undefined,
    channel: query.get("channel") ?? undefined,
    place: query.get("place") ?? undefined,
  };
}

export function formatRoute({ user, channel, place }: Route): string {
  const parts = [user, channel, place].filter((part): part is string => Boolean(part));
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

export function useRoute(): [Route, (route: Route) => void] {
  const [route, setRoute] = useState(() => parseRoute(window.location));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(window.location));
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const go = useCallback((next: Route) => {
    window.location.hash = formatRoute(next);
  }, []);
  return [route, go];
}
