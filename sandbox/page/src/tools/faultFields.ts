import type { Faults } from "../shared/types";

export type FaultName = Exclude<keyof Faults, "methods" | "limits">;

export interface Field {
  name: FaultName;
  kind: "share" | "number" | "scale" | "switch";
}

/** The switches in the order in which the dialog shows them. */
export const FAULT_FIELDS: Field[] = [
  { name: "lose_replies", kind: "share" },
  { name: "repeat_deliveries", kind: "share" },
  { name: "lose_acknowledgements", kind: "share" },
  { name: "slow_ms", kind: "number" },
  { name: "slow_deliveries_ms", kind: "number" },
  { name: "rate_limit_next", kind: "number" },
  { name: "retry_after", kind: "number" },
  { name: "event_retry_scale", kind: "scale" },
  { name: "refresh_after_s", kind: "number" },
  { name: "rate_limits", kind: "switch" },
];

/** A good day, as Slack has it. */
export const ALL_OFF: Faults = {
  lose_replies: 0,
  repeat_deliveries: 0,
  lose_acknowledgements: 0,
  slow_ms: 0,
  slow_deliveries_ms: 0,
  rate_limit_next: 0,
  retry_after: 1,
  event_retry_scale: 1,
  refresh_after_s: 0,
  rate_limits: true,
  limits: {},
  methods: null,
};

/** Whether anything is worse than on a good day. */
export function anyOn(faults: Faults): boolean {
  // How long a refusal asks to wait does no harm without one.
  const names = FAULT_FIELDS.map(({ name }) => name).filter((name) => name !== "retry_after");
  return names.some((name) => faults[name] !== ALL_OFF[name]) || Object.keys(faults.limits).length > 0;
}
