// How the stack of modals changes; the server may tell of the same change twice.
import type { SubmitAnswer, View } from "../shared/types";

/** Puts a new view in front, or a newer state of a known one in its place. */
export function withView(stack: View[], view: View, opens: boolean): View[] {
  if (stack.some(({ id }) => id === view.id)) return stack.map((one) => (one.id === view.id ? view : one));
  return opens ? [...stack, view] : stack;
}

export function withoutView(stack: View[], id: string): View[] {
  return stack.filter((view) => view.id !== id);
}

export function afterSubmit(stack: View[], submitted: View, answer: SubmitAnswer): View[] {
  switch (answer.response_action) {
    case "errors":
      return stack;
    case "clear":
      return [];
    case "update":
      return answer.view ? stack.map((view) => (view.id === submitted.id && answer.view ? answer.view : view)) : stack;
    case "push":
      return answer.view ? withView(stack, answer.view, true) : stack;
    case null:
      return withoutView(stack, submitted.id);
  }
}
