import { Icon, type IconName } from "../shared/Icon";
import { useSession } from "../shared/session";
import { AppStatus } from "./AppStatus";
import { anyOn } from "./faultFields";
import type { Tool } from "./tool";
import { useFaults } from "./useFaults";

/** The foot of the sidebar: how the app is, and the tools. */
export function Tools() {
  const { words, openTool } = useSession();
  const faults = useFaults();
  const button = (tool: Exclude<Tool, null>, icon: IconName, label: string, isOn = false) => (
    <button type="button" className="quiet" data-testid={`open-${tool}`} onClick={() => openTool(tool)}>
      <Icon name={icon} />
      {label}
      {isOn && <span className="badge badge--gold">{words.sidebar.faultsOn}</span>}
    </button>
  );
  return (
    <div className="tools">
      <AppStatus />
      <div className="tools__row">
        {button("inspector", "pulse", words.sidebar.traffic)}
        {button("faults", "switches", words.sidebar.faults, faults !== null && anyOn(faults))}
        {button("keys", "keyboard", words.sidebar.keys)}
      </div>
    </div>
  );
}
