import { Dialog } from "../shared/Dialog";
import { useWords } from "../shared/session";

/** The keys that are not plain Tab and Enter. */
export function Keys({ onClose }: { onClose: () => void }) {
  const { keys } = useWords();
  const list: [keys: string[], what: string][] = [
    [["Ctrl", "K"], keys.jump],
    [["F6"], keys.regions],
    [["Alt", "↑ ↓"], keys.neighbours],
    [["↑ ↓"], keys.walk],
    [["Esc"], keys.escape],
    [["Enter"], keys.send],
    [["Shift", "Enter"], keys.line],
    [["Ctrl", "/"], keys.help],
  ];
  return (
    <Dialog title={keys.title} size="small" testId="keys" light onClose={onClose}>
      <dl className="dialog__body keys">
        {list.map(([pressed, what]) => (
          <div key={what}>
            <dt>
              {pressed.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
