// A surface is what holds interactive blocks: a message, a modal or the Home tab.
import { createContext, useCallback, useContext, useState } from "react";
import { api } from "../shared/api";
import { useSession } from "../shared/session";
import type { Block, Container, Element } from "../shared/types";
import { useConfirm } from "./confirm";
import { type Edits, asPayload, stateValues, valueOf, withEdit } from "./values";

export interface Surface {
  container: Container;
  errors: Record<string, string>;
  /** `block_id/action_id` of the action whose answer is awaited. */
  pending: string | null;
  valueOf: (block: Block, element: Element) => unknown;
  /** Takes a value without telling the app: typing. */
  type: (block: Block, element: Element, value: unknown) => void;
  /** Takes a value and tells the app, where the block asks for that: choosing. */
  choose: (block: Block, element: Element, value: unknown) => Promise<void>;
  /** Tells the app of a press; `fields` is what the element adds to the action. Says whether it got there. */
  press: (block: Block, element: Element, fields: object) => Promise<boolean>;
}

export const SurfaceContext = createContext<Surface | null>(null);

export function useSurfaceContext(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error("interactive blocks need a SurfaceContext above them");
  return surface;
}

interface SurfaceState {
  surface: Surface;
  edits: Edits;
}

const NO_ERRORS: Record<string, string> = {};

export function useSurface(container: Container, blocks: Block[], errors = NO_ERRORS): SurfaceState {
  const { me, current, notify } = useSession();
  const confirm = useConfirm();
  const [edits, setEdits] = useState<Edits>({});
  const [pending, setPending] = useState<string | null>(null);
  const place = container.type === "message" ? container.channel : current?.id;

  const send = useCallback(
    async (block: Block, element: Element, fields: object, state: Edits) => {
      const action = { type: element.type, block_id: block.block_id, action_id: element.action_id, ...fields };
      setPending(`${block.block_id}/${element.action_id}`);
      try {
        await api.act(me.id, container, action, stateValues(blocks, state, place));
        return true;
      } catch (problem) {
        notify((problem as Error).message);
        return false;
      } finally {
        setPending(null);
      }
    },
    [me.id, container, blocks, place, notify],
  );

  const surface: Surface = {
    container,
    errors,
    pending,
    valueOf: (block, element) => valueOf(element, block.block_id, edits, place),
    type: (block, element, value) => setEdits((now) => withEdit(now, block.block_id, element.action_id, value)),
    choose: async (block, element, value) => {
      if (element.confirm && !(await confirm(element.confirm))) return;
      const next = withEdit(edits, block.block_id, element.action_id, value);
      setEdits((now) => withEdit(now, block.block_id, element.action_id, value));
      if (block.type !== "input" || block.dispatch_action) {
        await send(block, element, asPayload(element, value), next);
      }
    },
    press: async (block, element, fields) => {
      if (element.confirm && !(await confirm(element.confirm))) return false;
      return send(block, element, fields, edits);
    },
  };
  return { surface, edits };
}
