import { useState } from "react";
import { Icon } from "./Icon";
import { useSession } from "./session";

const SAYS_SO_FOR_MS = 1500;

/** Copies a text, and says for a moment that it did. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { words, notify } = useSession();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      window.setTimeout(() => setCopied(false), SAYS_SO_FOR_MS);
    } catch (problem) {
      notify((problem as Error).message);
    }
  };
  return (
    <button type="button" className="copy" aria-label={label ?? words.copy} onClick={() => void copy()}>
      <Icon name={copied ? "check" : "copy"} />
      <span aria-live="polite">{copied ? words.copied : words.copy}</span>
    </button>
  );
}
