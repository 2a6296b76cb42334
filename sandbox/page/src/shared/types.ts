// The shapes the page receives: Slack's objects, as far as the page reads them,
// and the workspace's own answers (page_api.py).

export interface Text {
  type: "plain_text" | "mrkdwn";
  text: string;
}

export interface Option {
  text: Text;
  value: string;
  description?: Text;
  url?: string;
}

export interface OptionGroup {
  label: Text;
  options: Option[];
}

export interface ConfirmDialog {
  title: Text;
  text: Text;
  confirm: Text;
  deny: Text;
  style?: "primary" | "danger";
}

/** Any Block Kit element; which fields are set depends on its `type`. */
export interface Element {
  type: string;
  action_id: string;
  text?: Text;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  accessibility_label?: string;
  confirm?: ConfirmDialog;
  placeholder?: Text;
  options?: Option[];
  option_groups?: OptionGroup[];
  max_selected_items?: number;
  min_query_length?: number;
  focus_on_load?: boolean;
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  is_decimal_allowed?: boolean;
  min_value?: string;
  max_value?: string;
  dispatch_action_config?: { trigger_actions_on?: string[] };
  default_to_current_conversation?: boolean;
  filter?: { include?: string[]; exclude_bot_users?: boolean; exclude_external_shared_channels?: boolean };
  positive_button?: { text: Text; value: string; accessibility_label?: string };
  negative_button?: { text: Text; value: string; accessibility_label?: string };
  [initial: `initial_${string}`]: unknown;
}

/** Any layout block; which fields are set depends on its `type`. */
export interface Block {
  type: string;
  block_id: string;
  text?: Text;
  fields?: Text[];
  accessory?: Element;
  elements?: Element[];
  actions?: Element[];
  element?: Element;
  label?: Text;
  hint?: Text;
  optional?: boolean;
  dispatch_action?: boolean;
  title?: Text;
  alt_text?: string;
  image_url?: string;
}

export interface View {
  id: string;
  type: "modal" | "home";
  hash: string;
  title?: Text;
  submit?: Text | null;
  close?: Text | null;
  blocks: Block[];
  previous_view_id?: string | null;
}

export interface SharedFile {
  id: string;
  title: string;
  alt_txt?: string;
  url_private: string;
  mimetype: string;
  width?: number;
  height?: number;
}

export interface Attachment {
  color?: string;
  fallback?: string;
  text?: string;
  blocks?: Block[];
}

export interface Message {
  ts: string;
  channel: string;
  user: string;
  /** A name that the app chose for this message. */
  username?: string;
  text: string;
  blocks?: Block[];
  files?: SharedFile[];
  thread_ts?: string;
  reply_count?: number;
  edited?: { ts: string };
  ephemeral?: true;
  /** The command that this answers, as it was typed. */
  response_to?: string;
  attachments?: Attachment[];
  /** Who reacted, by the emoji's name. */
  reactions?: Record<string, string[]>;
}

export interface User {
  id: string;
  name: string;
  real_name: string;
  title?: string;
  email?: string;
  locale: string;
  tz: string;
  is_bot: boolean;
  is_admin?: boolean;
  deleted?: boolean;
}

export interface SlashCommand {
  command: string;
  description: string;
  usage_hint?: string;
}

export interface Workspace {
  team: { id: string; name: string; domain: string };
  app: { id: string; name: string; bot_user_id: string; home_tab: boolean; messages_read_only: boolean };
  users: User[];
  commands: SlashCommand[];
}

export interface Conversation {
  id: string;
  kind: "channel" | "private" | "im" | "mpim" | "app";
  name: string;
  topic?: string;
  shared: boolean;
  members: string[];
  user?: string;
  unread: number;
  last_ts?: string | null;
}

export type Container =
  | { type: "message"; channel: string; ts: string }
  | { type: "view"; view_id: string }
  | { type: "home" };

/** `view.state.values`: block_id -> action_id -> what is chosen or typed. */
export type StateValues = Record<string, Record<string, { type: string; [field: string]: unknown }>>;

export interface SubmitAnswer {
  response_action: null | "errors" | "update" | "push" | "clear";
  errors?: Record<string, string>;
  view?: View;
}

export interface TrafficEntry {
  n: number;
  at: string | number;
  direction: "in" | "out";
  kind: "web_api" | "socket" | "http" | "response_url";
  method: string;
  status: number | string | null;
  request: unknown;
  response: unknown;
  ms: number | null;
}

export interface Faults {
  lose_replies: number;
  slow_ms: number;
  rate_limit_next: number;
  retry_after: number;
  repeat_deliveries: number;
  rate_limits: boolean;
  methods: string[] | null;
}

export type LiveEvent =
  | { type: "message" | "message_changed" | "ephemeral"; channel: string; message: Message }
  | { type: "message_deleted"; channel: string; message: { ts: string } }
  | { type: "conversation"; conversation: Conversation }
  | { type: "view_opened" | "view_updated" | "view_closed"; view: View }
  | { type: "home"; view: View | null }
  | { type: "traffic"; entry: TrafficEntry }
  | { type: "connected" | "disconnected" };
