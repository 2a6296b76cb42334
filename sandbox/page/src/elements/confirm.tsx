import { type ReactNode, createContext, useCallback, useContext, useState } from "react";
import { Mrkdwn } from "../blocks/Mrkdwn";
import { Dialog } from "../shared/Dialog";
import { useWords } from "../shared/session";
import type { ConfirmDialog } from "../shared/types";

type Ask = (dialog: ConfirmDialog) => Promise<boolean>;

const ConfirmContext = createContext<Ask | null>(null);

export function useConfirm(): Ask {
  const ask = useContext(ConfirmContext);
  if (!ask) throw new Error("useConfirm needs a ConfirmProvider above it");
  return ask;
}

interface Question {
  dialog: ConfirmDialog;
  answer: (yes: boolean) => void;
}

/** Asks an element's `confirm` question, one at a time. */
export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const ask = useCallback<Ask>((dialog) => new Promise((answer) => setQuestion({ dialog, answer })), []);
  const close = (yes: boolean) => {
    question?.answer(yes);
    setQuestion(null);
  };
  return (
    <ConfirmContext value={ask}>
      {children}
      {question && <ConfirmQuestion dialog={question.dialog} onClose={close} />}
    </ConfirmContext>
  );
}

function ConfirmQuestion({ dialog, onClose }: { dialog: ConfirmDialog; onClose: (yes: boolean) => void }) {
  const words = useWords();
  const style = dialog.style === "danger" ? "button button--danger" : "button button--primary";
  return (
    <Dialog title={dialog.title?.text ?? words.confirm.title} size="small" testId="confirm" onClose={() => onClose(false)}>
      <div className="dialog__body">
        <Mrkdwn text={dialog.text} />
      </div>
      <footer className="dialog__footer">
        <button type="button" className="button" onClick={() => onClose(false)}>
          {dialog.deny?.text ?? words.cancel}
        </button>
        <button type="button" className={style} onClick={() => onClose(true)}>
          {dialog.confirm?.text ?? words.confirm.yes}
        </button>
      </footer>
    </Dialog>
  );
}
