/**
 * Shared state of the pages. Events: "session" (the sign-in state has changed), "tasks" (a task has changed), "live"
 * (the state of the event stream has changed), "ended" (the session has ended).
 */
class Store extends EventTarget {
  /** The response of GET /bff/me. */
  session = { signed_in: false, roles: [], links: {} };

  /** "off", "connecting", "on", "paused", "stale" or "polling". */
  live = "off";

  /** The time of the last change of the live state. */
  liveSince = Date.now();

  /** How many milliseconds this browser's clock is behind the server's. */
  clockDifference = 0;

  /** Whether the session has ended while a page is open. */
  ended = false;

  /** The newest state of each task, by id. */
  tasks = new Map();

  /** The newest 50 lists by URL, to show them at once when the user comes back. */
  #pages = new Map();

  get user() {
    return this.session.user;
  }

  has(role) {
    return this.session.roles.includes(role);
  }

  now() {
    return Date.now() + this.clockDifference;
  }

  signal(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  setSession(session) {
    this.session = session;
    this.ended = false;
    this.signal("session");
  }

  setLive(state) {
    if (state === this.live) return;
    this.live = state;
    this.liveSince = Date.now();
    this.signal("live");
  }

  end() {
    if (this.ended || !this.session.signed_in) return;
    this.ended = true;
    this.signal("ended");
  }

  /** Stores a task, unless a newer state is stored. Returns the newest state. */
  keep(task) {
    const known = this.tasks.get(task.task_id);
    if (known && isNewer(known, task)) return known;
    this.tasks.set(task.task_id, task);
    if (this.tasks.size > 2000) this.tasks.delete(this.tasks.keys().next().value);
    return task;
  }

  page(url) {
    return this.#pages.get(url);
  }

  keepPage(url, page) {
    this.#pages.delete(url);
    this.#pages.set(url, page);
    if (this.#pages.size > 50) this.#pages.delete(this.#pages.keys().next().value);
  }

  /** The items of all cached lists. */
  recent() {
    return [...this.#pages.values()].flatMap((page) => page.items ?? []);
  }
}

/** Whether one state of a task is newer than another. */
export function isNewer(one, other) {
  if (one.version !== undefined && other.version !== undefined) return one.version > other.version;
  const difference = Date.parse(one.updated_at) - Date.parse(other.updated_at);
  return difference !== 0 ? difference > 0 : (one.history?.length ?? 0) > (other.history?.length ?? 0);
}

export const store = new Store();
