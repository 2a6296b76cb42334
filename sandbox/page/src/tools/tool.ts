/** What is open beside or above the conversation, for whoever tries out an app. */
export type Tool = "inspector" | "faults" | "app" | "keys" | null;
