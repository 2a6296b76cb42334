import { AboutApp } from "./AboutApp";
import { Faults } from "./Faults";
import { Inspector } from "./Inspector";
import { Keys } from "./Keys";
import type { Tool } from "./tool";

interface Props {
  tool: Exclude<Tool, null>;
  onTool: (tool: Tool) => void;
}

export function OpenTool({ tool, onTool }: Props) {
  const close = () => onTool(null);
  switch (tool) {
    case "inspector":
      return <Inspector onClose={close} />;
    case "faults":
      return <Faults onClose={close} />;
    case "app":
      return <AboutApp onClose={close} />;
    case "keys":
      return <Keys onClose={close} />;
  }
}
