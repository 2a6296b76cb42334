import { type ReactNode, useEffect, useRef, useState } from "react";
import { useWords } from "../shared/session";

interface Props {
  label?: string;
  children: ReactNode;
}

/** A table wider than its place is scrolled by itself, so that nothing else moves; the keyboard reaches it then. */
export function ScrollingTable({ label, children }: Props) {
  const words = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const [isWide, setWide] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const watcher = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  const scrolls = isWide ? { tabIndex: 0, role: "region", "aria-label": label ?? words.element.table } : {};
  return (
    <div className="scrolling" ref={frame} {...scrolls}>
      {children}
    </div>
  );
}
