import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Message } from "../shared/types";

/** How far from the end still counts as reading the newest, in pixels. */
const NEAR = 80;

interface Place {
  /** The reader has scrolled up. */
  isAway: boolean;
  /** How many messages came since. */
  missed: number;
  toEnd: () => void;
}

/**
 * Follows new messages unless the reader has scrolled up; pictures that load late count too.
 * A message taller than the window is shown from its beginning.
 */
export function useStayAtEnd(list: RefObject<HTMLElement | null>, messages: Message[] | null, me: string): Place {
  const following = useRef(true);
  const [leftAt, setLeftAt] = useState<string | null>(null);
  const newest = messages?.at(-1);
  const newestTs = newest?.ts ?? "";

  const toEnd = useCallback(() => {
    following.current = true;
    setLeftAt(null);
    if (list.current) list.current.scrollTop = endOf(list.current);
  }, [list]);

  useEffect(() => {
    const element = list.current;
    const inner = element?.firstElementChild;
    if (!element || !inner) return;
    const onScroll = () => {
      following.current = element.scrollTop >= endOf(element) - NEAR;
      const last = element.querySelector<HTMLElement>("article:last-of-type")?.dataset.ts ?? "";
      setLeftAt((before) => (following.current ? null : (before ?? last)));
    };
    const follow = () => {
      if (following.current) element.scrollTop = endOf(element);
    };
    const watcher = new ResizeObserver(follow);
    watcher.observe(inner);
    watcher.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      watcher.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [list]);

  const mine = newest && (newest.user === me || newest.ephemeral);
  useEffect(() => {
    // One's own words and private answers are always shown.
    if (mine) toEnd();
  }, [mine, newestTs, toEnd]);

  const missed = leftAt === null ? 0 : (messages?.filter(({ ts }) => ts > leftAt).length ?? 0);
  return { isAway: leftAt !== null, missed, toEnd };
}

function endOf(list: HTMLElement): number {
  const end = list.scrollHeight - list.clientHeight;
  const last = list.querySelector<HTMLElement>("article:last-of-type");
  return last ? Math.min(end, last.offsetTop - list.offsetTop - 8) : end;
}
