import { setClock } from "./api.js";
import { store } from "./store.js";

const SILENCE_TIMEOUT = 35_000;
const CONNECT_TIMEOUT = 8_000;
const HIDDEN_TIMEOUT = 30_000;
const POLL_PERIOD = 15_000;
const MIN_DELAY = 2_000;
const MAX_DELAY = 60_000;

/**
 * The only event stream of this browser tab. It is not an EventSource: that one hides the server's heartbeats and
 * status codes, and does not reconnect after 401, 429 and 503.
 */
class Live {
  #abort;
  #lastEventId;
  #failures = 0;
  #retry;
  #watchdog;
  #hidden;
  #users = 0;
  #paused = false;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#visibility());
    addEventListener("offline", () => this.#networkChanged());
    addEventListener("online", () => this.#networkChanged());
  }

  /** Opens the stream for a page that shows tasks. The returned function releases it. */
  use() {
    this.#users += 1;
    if (this.#users === 1 && !this.#paused && store.live !== "on") this.#connect();
    return () => {
      this.#users -= 1;
      setTimeout(() => {
        if (this.#users === 0) this.#close("off");
      }, 1000);
    };
  }

  pause() {
    this.#paused = true;
    this.#close("paused");
  }

  resume() {
    this.#paused = false;
    this.#failures = 0;
    this.#connect();
  }

  #visibility() {
    clearTimeout(this.#hidden);
    if (document.hidden) {
      this.#hidden = setTimeout(() => this.#close("off"), HIDDEN_TIMEOUT);
    } else if (this.#users > 0 && !this.#paused && (store.live === "off" || store.live === "stale")) {
      this.#connect();
    }
  }

  /**
   * A network cut does not end the stream, and the silence on it is noticed late. So the stream is opened again: without
   * a network that fails at once, and with one it continues after the last event.
   */
  #networkChanged() {
    if (this.#users === 0 || this.#paused || store.live === "off") return;
    this.#failures = 0;
    this.#connect();
  }

  #close(state) {
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    this.#abort?.abort();
    this.#abort = undefined;
    store.setLive(state);
  }

  async #connect() {
    clearTimeout(this.#retry);
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    if (store.live === "off" || store.live === "paused") store.setLive("connecting");
    this.#watch(CONNECT_TIMEOUT, abort);
    let wait;
    try {
      const headers = { Accept: "text/event-stream" };
      if (this.#lastEventId) headers["Last-Event-ID"] = this.#lastEventId;
      const response = await fetch("/api/tasks/events", { headers, signal: abort.signal, cache: "no-store" });
      setClock(response);
      if (response.status === 401) {
        store.end();
        return this.#close("stale");
      }
      if (!response.ok) {
        wait = Number(response.headers.get("Retry-After")) * 1000 || undefined;
        throw new Error(String(response.status));
      }
      this.#failures = 0;
      store.setLive("on");
      await this.#read(response.body.getReader(), abort);
    } catch {
      if (abort.signal.aborted && this.#abort !== abort) return;
      this.#failures += 1;
    }
    if (this.#abort !== abort) return;
    clearTimeout(this.#watchdog);
    if (this.#failures > 1 || !navigator.onLine) store.setLive(wait ? "polling" : "stale");
    const backoff = Math.min(MAX_DELAY, MIN_DELAY * 2 ** Math.max(0, this.#failures - 1));
    this.#retry = setTimeout(() => this.#connect(), wait ?? backoff * (0.5 + Math.random() / 2));
  }

  #watch(limit, abort) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      if (this.#abort !== abort) return;
      store.setLive("stale");
      this.#failures += 1;
      this.#connect();
    }, limit);
  }

  async #read(reader, abort) {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.#watch(SILENCE_TIMEOUT, abort);
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) this.#event(block);
    }
  }

  #event(block) {
    let name = "message";
    const data = [];
    for (const line of block.split(/\r?\n/)) {
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") name = value;
      else if (field === "data") data.push(value);
      else if (field === "id") this.#lastEventId = value;
    }
    if (name !== "task" || data.length === 0) return;
    const task = JSON.parse(data.join("\n"));
    const before = store.tasks.get(task.task_id);
    if (store.keep(task) === task) store.signal("tasks", { task, before });
  }
}

export const live = new Live();
export const POLL_INTERVAL = POLL_PERIOD;
