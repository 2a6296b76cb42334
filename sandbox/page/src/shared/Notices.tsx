import { useCallback, useState } from "react";
import { useSession } from "./session";

export interface Notice {
  id: number;
  sentence: string;
}

const SHOWN_FOR_MS = 7000;
let count = 0;

export function useNotices(): [Notice[], (sentence: string) => void] {
  const [notices, setNotices] = useState<Notice[]>([]);
  const notify = useCallback((sentence: string) => {
    const id = ++count;
    setNotices((now) => [...now.filter((notice) => notice.sentence !== sentence), { id, sentence }]);
    window.setTimeout(() => setNotices((now) => now.filter((notice) => notice.id !== id)), SHOWN_FOR_MS);
  }, []);
  return [notices, notify];
}

/**
 * What went wrong, in words. An open dialog brings its own, at the same place: what is
 * behind a dialog is hidden from screen readers.
 */
export function Notices() {
  const { notices } = useSession();
  return (
    <div className="notices" role="alert" data-testid="notices">
      {notices.map(({ id, sentence }) => (
        <p key={id} className="notice">
          {sentence}
        </p>
      ))}
    </div>
  );
}
