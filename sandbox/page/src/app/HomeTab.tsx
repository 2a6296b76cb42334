import { useCallback, useMemo, useState } from "react";
import { Blocks } from "../blocks/Blocks";
import { SurfaceContext, useSurface } from "../elements/surface";
import { api } from "../shared/api";
import { language } from "../shared/format";
import { useSession } from "../shared/session";
import type { Container, LiveEvent, View } from "../shared/types";
import { useFetched } from "../shared/useFetched";
import { isThere, statusOf } from "../tools/AppStatus";

export function HomeTab() {
  const { me, words, live, notify } = useSession();
  // Not known until the first answer: an empty tab is no news before that.
  const [view, setView] = useState<View | null | undefined>(undefined);
  const load = useCallback(() => api.home(me.id).then((answer) => answer.view), [me.id]);
  const onEvent = useCallback((event: LiveEvent) => {
    if (event.type === "home") setView(event.view);
    // With the app goes all that it showed.
    else if (event.type === "app" && !event.app.installed) setView(null);
    else return false;
    return true;
  }, []);
  useFetched({ live, load, take: setView, onEvent, notify });
  return (
    // It scrolls, so the keyboard must reach it.
    <section className="home" tabIndex={0} aria-label={words.conversation.home} data-testid="home">
      {view && (
        <div className="home__blocks" lang={language(me)}>
          <HomeView view={view} />
        </div>
      )}
      {view === null && <NothingYet />}
    </section>
  );
}

function HomeView({ view }: { view: View }) {
  const container = useMemo<Container>(() => ({ type: "home" }), []);
  const { surface } = useSurface(container, view.blocks);
  return (
    <SurfaceContext value={surface}>
      <Blocks blocks={view.blocks} />
    </SurfaceContext>
  );
}

function NothingYet() {
  const { workspace, words, openTool } = useSession();
  const { app } = workspace;
  return (
    <div className="blank blank--home">
      <img src="/favicon.svg" alt="" width="48" height="48" />
      <h3>{words.conversation.homeEmpty(app.name)}</h3>
      <p>{words.conversation.homeEmptyHow}</p>
      {!isThere(app) && (
        <button type="button" className="button" onClick={() => openTool("app")}>
          {statusOf(app, words)}
        </button>
      )}
    </div>
  );
}
