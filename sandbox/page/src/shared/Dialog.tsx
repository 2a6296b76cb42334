import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./Icon";
import { Notices } from "./Notices";

interface Props {
  title: string;
  size?: "small" | "medium" | "wide";
  testId: string;
  closeLabel?: string;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog. The browser's own <dialog> keeps the focus inside and gives it back. */
export function Dialog({ title, size = "medium", testId, closeLabel = "Close", onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog dialog--${size}`}
      aria-labelledby={titleId}
      data-testid={testId}
      onCancel={(event) => {
        // Our owner decides whether the dialog goes, so the browser must not close it first.
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <header className="dialog__header">
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="icon-button" aria-label={closeLabel} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
      <Notices />
    </dialog>
  );
}
