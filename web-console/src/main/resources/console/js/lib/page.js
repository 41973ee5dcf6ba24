import { Problem, get } from "./api.js";
import { Connected } from "./element.js";
import { live } from "./live.js";
import { store } from "./store.js";

/** A page. When its address changes, it loads its data. Until then it shows cached data. */
export class Page extends Connected {
  static properties = { route: { attribute: false }, problem: { state: true }, data: { state: true } };

  willUpdate(changed) {
    if (changed.has("route") && this.route) this.load();
  }

  /** Loads the data of the page. */
  async load() {}

  /** Loads an address into {@code data}, first from the cache and then from the server. */
  async read(url) {
    this.url = url;
    this.data = store.page(url);
    this.problem = undefined;
    try {
      const data = await get(url);
      store.keepPage(url, data);
      if (this.url === url) {
        this.data = data;
        return data;
      }
    } catch (problem) {
      if (this.url === url) this.problem = problem;
    }
    return undefined;
  }

  /** Finds an item in a list of the API. Without it the page shows a problem. */
  async find(url, isWanted) {
    const { route } = this;
    try {
      const item = (await get(url)).items.find(isWanted);
      if (this.route !== route) return;
      this.data = item;
      if (!item) this.problem = new Problem(404, {});
    } catch (problem) {
      if (this.route === route) this.problem = problem;
    }
  }

  /** Reads the page's address again, without a skeleton. If it fails, or the address changes meanwhile, the answer is dropped. */
  async readAgain() {
    const { url } = this;
    const data = await get(url).catch(() => undefined);
    if (data && this.url === url) this.data = data;
  }
}

/** A page that shows tasks, which change while it is open. */
export class LivePage extends Page {
  static events = ["session", "tasks", "live"];

  connectedCallback() {
    super.connectedCallback();
    this.release = live.use();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.release();
  }
}

/**
 * Runs work now, and again and again while the page is visible. The period begins when the last run has ended, so a slow
 * server does not get more calls at the same time. The returned function stops it.
 */
export function repeat(work, period) {
  let timer;
  let stopped = false;
  const next = () => {
    if (!stopped) timer = setTimeout(() => (document.hidden ? next() : run()), period);
  };
  const run = () => work().then(next, next);
  run();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** The query of an API call: these filters of the page's address, and the limit. */
export function queryOf(query, names, limit = 20) {
  const call = new URLSearchParams();
  for (const name of [...names, "after"]) for (const value of query.getAll(name)) if (value) call.append(name, value);
  call.set("limit", String(limit));
  return call;
}
