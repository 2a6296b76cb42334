import { type MouseEvent, type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { Icon, type IconName } from "./Icon";
import { Notices } from "./Notices";
import { useWords } from "./session";

interface Props {
  title: string;
  size?: "small" | "medium" | "wide";
  testId: string;
  /** A click beside the dialog closes it; not where something typed would be lost. */
  light?: boolean;
  /** A button before the title. */
  before?: { icon: IconName; label: string; onClick: () => void };
  closeLabel?: string;
  /** Escape, where it does less than the cross. */
  onEscape?: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog. The browser's own <dialog> keeps the focus inside and gives it back. */
export function Dialog({ title, size = "medium", testId, light, before, closeLabel, onEscape, onClose, children }: Props) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before the element leaves the page, or the focus could not be given back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    if (element) focusFirst(element);
    return () => element?.close();
  }, []);
  const clicked = (event: MouseEvent) => {
    if (light && event.target === dialog.current) onClose();
  };
  return (
    // The keyboard closes it by Escape; the click is for what lies beside it.
    <dialog
      ref={dialog}
      className={`dialog dialog--${size}`}
      aria-labelledby={titleId}
      data-testid={testId}
      onClick={clicked}
      onCancel={(event) => {
        // A file chooser inside cancels too, and that is not ours to hear.
        if (event.target !== dialog.current) return;
        // Our owner decides whether the dialog goes, so the browser must not close it first.
        event.preventDefault();
        event.stopPropagation();
        (onEscape ?? onClose)();
      }}
    >
      <header className="dialog__header">
        {before && (
          <button type="button" className="icon-button" aria-label={before.label} onClick={before.onClick}>
            <Icon name={before.icon} />
          </button>
        )}
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="icon-button" aria-label={closeLabel ?? words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
      <Notices />
    </dialog>
  );
}

const FIRST = ["[data-focus]", ".dialog__body input, .finder input, textarea", ".dialog__body[tabindex]", ".dialog__footer button"];

/** The field one came to fill in, or what one came to read; not the cross, with which the browser begins. */
function focusFirst(dialog: HTMLDialogElement): void {
  for (const selector of FIRST) {
    const found = dialog.querySelector<HTMLElement>(selector);
    if (found) return found.focus();
  }
}
