import { html, nothing } from "lit";
import { LivePage, queryOf, repeat } from "../lib/page.js";
import { capabilities, get } from "../lib/api.js";
import { ERROR_CODES, FINAL } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { keyedList } from "../lib/keyed-list.js";
import { POLL_INTERVAL } from "../lib/live.js";
import { store } from "../lib/store.js";
import { empty, more, skeleton, statusFilter, toFirst } from "../parts/list.js";
import { SIMULATED, current, row } from "../parts/tasks.js";
import { asksForCode, codeAsked } from "../parts/code-form.js";
import "../parts/time.js";

const FILTERS = ["status", "account", "error", "from", "to"];
const MAX_ROWS = 200;

class Logins extends LivePage {
  static properties = { fresh: { state: true }, codes: { state: true }, more_filters: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.changed = ({ detail }) => this.#changed(detail);
    store.addEventListener("tasks", this.changed);
    this.stopPolling = repeat(async () => this.url && ["polling", "stale"].includes(store.live) && this.#refresh(), POLL_INTERVAL);
    capabilities().then((api) => { this.more_filters = FILTERS.slice(1).filter((name) => api.takes("/tasks", name)); });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    store.removeEventListener("tasks", this.changed);
    this.stopPolling();
  }

  async load() {
    this.fresh = new Map();
    this.#readCodes();
    await this.#refresh(true);
  }

  async #refresh(show) {
    if (show) await this.read(`/api/tasks?${queryOf(this.route.query, FILTERS)}`);
    else await this.readAgain();
    for (const task of this.data?.items ?? []) store.keep(task);
  }

  /** Logins that wait for a code are shown first, wherever they are in the list. */
  async #readCodes() {
    try {
      const open = await get("/api/tasks?status=challenge_required&limit=20");
      for (const task of open.items) store.keep(task);
      this.codes = new Set(open.items.map((task) => task.task_id));
      store.signal("codes");
    } catch {
      this.codes = new Set();
    }
  }

  #changed({ task }) {
    if (task.status === "challenge_required") this.codes = new Set([...(this.codes ?? []), task.task_id]);
    else if (FINAL.includes(task.status)) this.codes?.delete(task.task_id);
    if (!this.data || store.live !== "on" || this.data.items.some((one) => one.task_id === task.task_id)) return;
    if (this.route.query.get("after") || !this.#matches(task) || this.#isOlder(task)) return;
    // Shown at once if the user is at the top and does not use the table. Otherwise the new row would move the rows
    // that the user reads or clicks
    if (this.meanwhile) this.meanwhile.set(task.task_id, task);
    else if (scrollY < 80 && !this.querySelector("table")?.contains(document.activeElement)) this.#show([task]);
    else if (this.fresh.size < MAX_ROWS || this.fresh.has(task.task_id)) this.fresh = new Map(this.fresh).set(task.task_id, task);
  }

  #isOlder(task) {
    const last = this.data.items.at(-1);
    return last !== undefined && Date.parse(task.created_at) < Date.parse(last.created_at);
  }

  #matches(task) {
    const { query } = this.route;
    const [status, account, error] = ["status", "account", "error"].map((name) => query.get(name));
    return (!status || query.getAll("status").includes(task.status)) && (!account || task.username === account)
      && (!error || task.error?.code === error);
  }

  #show(tasks) {
    this.fresh = new Map();
    const items = [...tasks, ...this.data.items].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
    if (items.length <= MAX_ROWS) this.data = { ...this.data, items };
    else this.#startAgain();
  }

  /**
   * Replaces a long list by its first page. Rows are not just cut off, because the link to older logins continues after
   * the last row that the server sent.
   */
  async #startAgain() {
    this.meanwhile = new Map();
    await this.#refresh();
    const missed = [...this.meanwhile.values()]
      .filter((task) => !this.#isOlder(task) && !this.data.items.some((one) => one.task_id === task.task_id));
    this.meanwhile = undefined;
    if (missed.length > 0) this.#show(missed);
  }

  render() {
    const { query } = this.route;
    const fields = [
      statusFilter(),
      { name: "account", label: t("account") },
      { name: "error", label: t("reason"), options: ERROR_CODES.map((code) => [code, t(`error.${code}`)]) },
      { name: "from", label: t("from"), time: true },
      { name: "to", label: t("to"), time: true },
    ].filter(({ name }) => name === "status" || this.more_filters?.includes(name));
    const nothingAtAll = this.data?.items.length === 0 && [...query.keys()].length === 0;
    return html`<div class="stack-large">
      <div class="title"><h1 tabindex="-1">${t("logins")}</h1><p-live class="row"></p-live>
        <a class="button primary end" href="/logins/new">${icon("plus")} ${t("new_login")}</a></div>
      ${this.#codes()}
      ${nothingAtAll ? nothing : html`<p-filters class="stack" .fields=${fields} .query=${query}></p-filters>`}
      <p-problem .problem=${this.problem} again @retry=${() => this.load()}></p-problem>
      ${this.fresh?.size > 0 ? html`<button type="button" class="chip" @click=${() => this.#show([...this.fresh.values()])}>
        ${t("newer", { count: this.fresh.size, more: this.fresh.size < MAX_ROWS ? "" : "+" })}</button>` : nothing}
      ${this.#list(nothingAtAll)}
      ${this.data ? html`<div class="row">${toFirst(query)}${more(this.data.next, query, t("older_logins"))}</div>` : nothing}</div>`;
  }

  #codes() {
    const open = [...(this.codes ?? [])].map((id) => store.tasks.get(id)).filter(asksForCode);
    if (open.length === 0) return nothing;
    return html`<section class="codes" aria-labelledby="codes"><h2 id="codes">${icon("key")} ${t("codes_open", { count: open.length })}</h2>
      <ul>${keyedList(open, (task) => task.task_id, (task) => html`<li><div class="row"><strong>${task.username}</strong>${codeAsked(task.challenge)}
        <a class="small end" href="/logins/${task.task_id}">${t("open")}</a></div><p-code-form .task=${task}></p-code-form></li>`)}</ul></section>`;
  }

  #list(nothingAtAll) {
    if (!this.data) return this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`;
    if (nothingAtAll) {
      return html`<div class="card">${empty(t("no_logins"), t("no_logins_text"), html`
        <a class="button primary" href="/logins/new">${t("new_login")}</a>
        <span class="chips"><span class="quiet">${t("try")}</span>${SIMULATED.map((name) =>
          html`<a class="chip mono" href="/logins/new?username=${name}">${name}</a>`)}</span>`)}</div>`;
    }
    if (this.data.items.length === 0) {
      return html`<div class="card">${empty(t("nothing_matches"), t("nothing_matches_text"), html`<a class="button" href="/logins">${t("clear_filters")}</a>`)}</div>`;
    }
    const frozen = store.live === "paused";
    return html`<div class="card tight"><table class="table"><caption class="visually-hidden">${t("logins")}</caption>
      <thead><tr>${["state", "account", "attempts", "next_or_reason", "created"].map((name) => html`<th scope="col">${t(name)}</th>`)}</tr></thead>
      <tbody>${keyedList(this.data.items, (task) => task.task_id, (task) => {
        const now = frozen ? task : current(task);
        return row(now, { href: `/logins/${task.task_id}`, gone: !this.#matches(now) });
      })}</tbody></table></div>`;
  }
}
customElements.define("p-logins", Logins);
