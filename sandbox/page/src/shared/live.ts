import type { LiveEvent } from "./types";

const RETRY_AFTER_MS = 1000;

type Listener = (event: LiveEvent) => void;

/** One person's stream of what happens, over a WebSocket that comes back by itself. */
export class Live {
  private listeners = new Set<Listener>();
  private socket: WebSocket | null = null;
  private retry = 0;
  private stopped = false;

  constructor(private readonly user: string) {}

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.retry);
    this.socket?.close();
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private connect(): void {
    const address = new URL("/page/socket", window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("user", this.user);
    const socket = new WebSocket(address);
    this.socket = socket;
    // What was missed before, at the start too, is fetched by whoever shows it.
    socket.onopen = () => this.publish({ type: "connected" });
    socket.onmessage = (received) => this.publish(JSON.parse(received.data));
    socket.onclose = () => {
      if (this.stopped) return;
      this.publish({ type: "disconnected" });
      this.retry = window.setTimeout(() => this.connect(), RETRY_AFTER_MS);
    };
  }

  private publish(event: LiveEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
