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
  title?: Text;
  text: Text;
  confirm?: Text;
  deny?: Text;
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
  icon?: string;
  visible_to_user_ids?: string[];
  timezone?: string;
  filetypes?: string[];
  max_files?: number;
  min_lines?: number;
  max_lines?: number;
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
  // container
  child_blocks?: Block[];
  rich_text_title?: Block;
  subtitle?: Text;
  icon?: { image_url?: string; alt_text?: string };
  width?: string;
  is_collapsible?: boolean;
  default_collapsed?: boolean;
  // data_table
  caption?: string;
  rows?: Cell[][];
  page_size?: number;
  row_header_column_index?: number;
  // video
  title_url?: string;
  video_url?: string;
  author_name?: string;
  provider_name?: string;
  description?: Text;
}

/** A cell of a data table. */
export type Cell = { type: "raw_text" | "raw_number"; text: string } | (Block & { type: "rich_text"; text?: never });

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

/** A file that a person added to a file input; the app gets all of it. */
export interface UploadedFile {
  id: string;
  name: string;
}

export interface Attachment {
  color?: string;
  fallback?: string;
  pretext?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fields?: { title?: string; value?: string }[];
  image_url?: string;
  footer?: string;
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
  /** A reply that is shown in the conversation as well. */
  broadcast?: boolean;
  edited?: { ts: string };
  ephemeral?: true;
  /** The command that this answers, as it was typed. */
  response_to?: string;
  attachments?: Attachment[];
  /** Who reacted, by the emoji's name. */
  reactions?: Record<string, string[]>;
  /** For a line that tells what happened in the channel, such as `channel_join`. */
  subtype?: string;
  pinned_by?: string;
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
  /** Whether they are there now. */
  active?: boolean;
  /** The name of the other workspace that they belong to. */
  team?: string;
}

export interface SlashCommand {
  command: string;
  description: string;
  usage_hint?: string;
}

/** Something an app offers to do by itself, or with a message. */
export interface Shortcut {
  callback_id: string;
  name: string;
  description: string;
  type: "global" | "message";
}

export interface AppInfo {
  id: string;
  name: string;
  bot_user_id: string;
  home_tab: boolean;
  messages_read_only: boolean;
  /** How many lines the app has to the workspace now. */
  connections: number;
  /** How the app hears of what happens. */
  transport: "socket" | "http";
  installed: boolean;
  scopes: string[];
}

export interface Workspace {
  team: { id: string; name: string; domain: string };
  app: AppInfo;
  /** By how many seconds the workspace's clock is ahead of the machine's. */
  clock_offset_s: number;
  users: User[];
  usergroups: { id: string; handle: string; name: string }[];
  commands: SlashCommand[];
  shortcuts: Shortcut[];
}

export interface Conversation {
  id: string;
  kind: "channel" | "private" | "im" | "mpim" | "app";
  name: string;
  topic?: string;
  shared: boolean;
  archived: boolean;
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
  /** Of the answer, those that say something to the app: Retry-After. */
  headers: Record<string, string>;
  ms: number | null;
}

export interface Faults {
  lose_replies: number;
  slow_ms: number;
  rate_limit_next: number;
  retry_after: number;
  repeat_deliveries: number;
  lose_acknowledgements: number;
  slow_deliveries_ms: number;
  event_retry_scale: number;
  refresh_after_s: number;
  rate_limits: boolean;
  limits: Record<string, number>;
  methods: string[] | null;
}

export type LiveEvent =
  | { type: "message" | "message_changed" | "message_deleted" | "ephemeral"; channel: string; message: Message }
  | { type: "conversation"; conversation: Conversation }
  | { type: "view_opened" | "view_updated" | "view_closed"; view: View }
  | { type: "home"; view: View | null }
  | { type: "connections"; connections: number }
  | { type: "conversation_gone"; channel: string }
  | { type: "app"; app: AppInfo }
  | { type: "user"; user: User }
  | { type: "faults"; faults: Faults }
  | { type: "traffic"; entry: TrafficEntry }
  | { type: "connected" | "disconnected" };
