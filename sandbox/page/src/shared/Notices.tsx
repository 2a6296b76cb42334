import { useCallback, useState } from "react";
import { Icon } from "./Icon";
import { useSession } from "./session";

export interface Notice {
  id: number;
  sentence: string;
}

const SHOWN_FOR_MS = 9000;
let count = 0;

interface NoticesState {
  notices: Notice[];
  notify: (sentence: string) => void;
  dismiss: (id: number) => void;
}

export function useNotices(): NoticesState {
  const [notices, setNotices] = useState<Notice[]>([]);
  const dismiss = useCallback((id: number) => setNotices((now) => now.filter((notice) => notice.id !== id)), []);
  const notify = useCallback(
    (sentence: string) => {
      const id = ++count;
      setNotices((now) => [...now.filter((notice) => notice.sentence !== sentence), { id, sentence }]);
      window.setTimeout(() => dismiss(id), SHOWN_FOR_MS);
    },
    [dismiss],
  );
  return { notices, notify, dismiss };
}

/**
 * What went wrong, in words. An open dialog brings its own: what is behind a dialog is
 * hidden from screen readers.
 */
export function Notices() {
  const { notices, dismiss, words } = useSession();
  return (
    <div className="notices" role="alert" data-testid="notices">
      {notices.map(({ id, sentence }) => (
        <p key={id} className="notice">
          <span>{sentence}</span>
          <button type="button" className="notice__close" aria-label={words.page.dismissNotice} onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
