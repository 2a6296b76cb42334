import { useCallback, useState } from "react";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { LiveEvent, SubmitAnswer, View } from "../shared/types";
import { useFetched } from "../shared/useFetched";
import { Modal } from "./Modal";
import { afterSubmit, withView, withoutView } from "./stack";

/** The person's open modals; the last one is in front. */
export function ModalStack() {
  const { me, live, notify } = useSession();
  const [views, setViews] = useState<View[]>([]);
  const load = useCallback(() => api.views(me.id).then((answer) => answer.views), [me.id]);
  const onEvent = useCallback((event: LiveEvent) => {
    switch (event.type) {
      case "view_opened":
      case "view_updated":
        setViews((now) => withView(now, event.view, event.type === "view_opened"));
        return true;
      case "view_closed":
        setViews((now) => withoutView(now, event.view.id));
        return true;
      case "app":
        // With the app goes all that it showed.
        if (!event.app.installed) setViews([]);
        return !event.app.installed;
      default:
        return false;
    }
  }, []);
  useFetched({ live, load, take: setViews, onEvent, notify });

  const close = (view: View, all: boolean) => {
    setViews((now) => (all ? [] : withoutView(now, view.id)));
    api.close(me.id, view.id, all).catch((problem: Error) => notify(problem.message));
  };
  const submitted = (view: View, answer: SubmitAnswer) => setViews((now) => afterSubmit(now, view, answer));
  // Those behind stay mounted, so that what was typed into them is there again afterwards.
  return (
    <div className="modals">
      {views.map((view, index) => (
        <Modal
          key={view.id}
          view={view}
          isPushed={index > 0}
          onBack={() => close(view, false)}
          onClose={() => close(view, index > 0)}
          onSubmitted={(answer) => submitted(view, answer)}
        />
      ))}
    </div>
  );
}
