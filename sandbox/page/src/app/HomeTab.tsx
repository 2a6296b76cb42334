import { useCallback, useMemo, useState } from "react";
import { Blocks } from "../blocks/Blocks";
import { SurfaceContext, useSurface } from "../elements/surface";
import { api } from "../shared/api";
import { language } from "../shared/format";
import { useSession } from "../shared/session";
import type { Container, LiveEvent, View } from "../shared/types";
import { useFetched } from "../shared/useFetched";

export function HomeTab() {
  const { me, live, notify } = useSession();
  const [view, setView] = useState<View | null>(null);
  const load = useCallback(() => api.home(me.id).then((answer) => answer.view), [me.id]);
  const onEvent = useCallback((event: LiveEvent) => {
    if (event.type !== "home") return false;
    setView(event.view);
    return true;
  }, []);
  useFetched({ live, load, take: setView, onEvent, notify });
  return (
    <section className="home" aria-label="Home" data-testid="home" lang={language(me)}>
      {view ? <HomeView view={view} /> : <p className="blank">The app has not drawn its Home tab yet.</p>}
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
