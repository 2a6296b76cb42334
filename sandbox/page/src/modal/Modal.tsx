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
  onClose: () => void;
  onSubmitted: (answer: SubmitAnswer) => void;
}

export function Modal({ view, onClose, onSubmitted }: Props) {
  const { me, notify } = useSession();
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
    field?.querySelector<HTMLElement>("input, textarea, button")?.focus();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = validate(view.blocks, edits);
    show(found);
    if (busy || Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const answer = await api.submit(me.id, view, stateValues(view.blocks, edits));
      if (answer.response_action === "errors") show(answer.errors ?? {});
      onSubmitted(answer);
    } catch (problem) {
      notify((problem as Error).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog title={view.title?.text ?? ""} testId="modal" onClose={onClose}>
      <form ref={form} className="dialog__form" lang={language(me)} noValidate onSubmit={submit}>
        <div className="dialog__body">
          <SurfaceContext value={surface}>
            <Blocks blocks={view.blocks} />
          </SurfaceContext>
        </div>
        <footer className="dialog__footer">
          <button type="button" className="button" data-testid="modal-close" onClick={onClose}>
            {view.close?.text ?? "Close"}
          </button>
          {view.submit && (
            <button type="submit" className="button button--primary" disabled={busy} data-testid="modal-submit">
              {view.submit.text}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
