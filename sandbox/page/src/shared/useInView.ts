import { type RefObject, useEffect, useRef } from "react";

/** A list that opens near an edge is scrolled to where it can be seen. */
export function useInView<T extends HTMLElement>(isOpen: boolean): RefObject<T | null> {
  const list = useRef<T>(null);
  useEffect(() => {
    if (isOpen) list.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return list;
}
