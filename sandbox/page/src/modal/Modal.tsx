import { type FormEvent, useMemo, useRef, useState } from "react";
import { Blocks } from "../blocks/Blocks";
import { SurfaceContext, useSurface } from "../elements/surface";
import { validate } from "../elements/validate";
import { stateValues } from "../elements/values";
import { Dialog } from "../shared/Dialog";
import { api } from "../shared/api";
import { language } from "../shared/format";
import { useSession } from "../shared/session";
import type { Container, SubmitAnswer, View } from "../shared/types";

interface Props {
  view: View;
  /** It lies on another modal, to which one can go back. */
  isPushed: boolean;
  /** Leaves this modal. */
  onBack: () => void;
  /** Leaves it and those below it. */
  onClose: () => void;
  onSubmitted: (answer: SubmitAnswer) => void;
}

export function Modal({ view, isPushed, onBack, onClose, onSubmitted }: Props) {
  const { me, current, words, notify } = useSession();
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const container = useMemo<Container>(() => ({ type: "view", view_id: view.id }), [view.id]);
  const { surface, edits } = useSurface(container, view.blocks, errors);

  const show = (found: Record<string, string>) => {
    setErrors(found);
    const first = view.blocks.find(({ block_id }) => block_id in found);
    if (!first) return;
    const field = form.current?.querySelector(`[data-block-id="${CSS.escape(first.block_id)}"]`);
    field?.querySelector<HTMLElement>("input, textarea, [contenteditable], button")?.focus();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = validate(view.blocks, edits, current?.id, words);
    show(found);
    if (busy || Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const answer = await api.submit(me.id, view, stateValues(view.blocks, edits, current?.id));
      if (answer.response_action === "errors") show(answer.errors ?? {});
      onSubmitted(answer);
    } catch (problem) {
      notify((problem as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const wrong = Object.keys(errors).length;

  return (
    <Dialog
      title={view.title?.text ?? ""}
      testId="modal"
      closeLabel={isPushed ? words.modal.closeAll : undefined}
      before={isPushed ? { icon: "back", label: words.modal.back, onClick: onBack } : undefined}
      onEscape={onBack}
      onClose={onClose}
    >
      <form ref={form} className="dialog__form" noValidate aria-busy={busy} onSubmit={submit}>
        {/* It may scroll without anything in it that takes the focus. */}
        <div className="dialog__body" tabIndex={0} role="region" aria-label={view.title?.text} lang={language(me)}>
          <SurfaceContext value={surface}>
            <Blocks blocks={view.blocks} />
          </SurfaceContext>
        </div>
        <footer className="dialog__footer">
          {wrong > 0 && <p className="dialog__wrong">{words.wrong.fields(wrong)}</p>}
          <button type="button" className="button" data-testid="modal-close" onClick={onBack}>
            {view.close?.text ?? words.close}
          </button>
          {view.submit && (
            <button type="submit" className="button button--primary" disabled={busy} aria-busy={busy} data-testid="modal-submit">
              {busy ? words.modal.working : view.submit.text}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
