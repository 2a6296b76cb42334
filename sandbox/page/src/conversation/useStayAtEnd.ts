import { type RefObject, useEffect, useRef } from "react";
import type { Message } from "../shared/types";

/** How far from the end still counts as reading the newest, in pixels. */
const NEAR = 80;

/**
 * Follows new messages unless the reader has scrolled up; pictures that load late count too.
 * A message taller than the window is shown from its beginning.
 */
export function useStayAtEnd(list: RefObject<HTMLElement | null>, messages: Message[] | null, me: string): void {
  const following = useRef(true);
  useEffect(() => {
    const element = list.current;
    const inner = element?.firstElementChild;
    if (!element || !inner) return;
    const onScroll = () => {
      following.current = element.scrollTop >= endOf(element) - NEAR;
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

  const newest = messages?.at(-1);
  const mine = newest && (newest.user === me || newest.ephemeral);
  useEffect(() => {
    // One's own words and private answers are always shown.
    if (!mine || !list.current) return;
    following.current = true;
    list.current.scrollTop = endOf(list.current);
  }, [list, mine, newest?.ts]);
}

function endOf(list: HTMLElement): number {
  const end = list.scrollHeight - list.clientHeight;
  const last = list.querySelector<HTMLElement>("article:last-of-type");
  return last ? Math.min(end, last.offsetTop - list.offsetTop - 8) : end;
}
