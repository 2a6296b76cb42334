import { useCallback, useState } from "react";

interface Notice {
  id: number;
  sentence: string;
}

const SHOWN_FOR_MS = 7000;
let count = 0;

export function useNotices(): [Notice[], (sentence: string) => void] {
  const [notices, setNotices] = useState<Notice[]>([]);
  const notify = useCallback((sentence: string) => {
    const id = ++count;
    setNotices((now) => [...now, { id, sentence }]);
    window.setTimeout(() => setNotices((now) => now.filter((notice) => notice.id !== id)), SHOWN_FOR_MS);
  }, []);
  return [notices, notify];
}

export function Notices({ notices }: { notices: Notice[] }) {
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
