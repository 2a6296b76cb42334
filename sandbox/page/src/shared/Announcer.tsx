import { useEffect, useState } from "react";
import { nameOf } from "./format";
import { useSession } from "./session";

/** Reads out what others say in the conversation one looks at. */
export function Announcer() {
  const { live, me, people, current, words } = useSession();
  const [said, setSaid] = useState("");
  const channel = current?.id;
  useEffect(
    () =>
      live.subscribe((event) => {
        if (event.type !== "message" && event.type !== "ephemeral") return;
        if (event.channel !== channel || event.message.user === me.id) return;
        setSaid(words.conversation.said(nameOf(people.get(event.message.user)), event.message.text));
      }),
    [live, channel, me.id, people, words],
  );
  return (
    <p className="hidden" role="status" aria-live="polite" data-testid="announcer">
      {said}
    </p>
  );
}
