import { html, nothing } from "lit";
import { Page, queryOf, repeat } from "../lib/page.js";
import { call, capabilities, get } from "../lib/api.js";
import { ERROR_CODES, STATUSES, reason, state } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { keyedList } from "../lib/keyed-list.js";
import { withFilter } from "../lib/router.js";
import { store } from "../lib/store.js";
import { empty, more, skeleton, statusFilter, toFirst } from "../parts/list.js";
import { row } from "../parts/tasks.js";
import { bars } from "../parts/chart.js";
import "../parts/operation.js";
import "../parts/time.js";

const FILTERS = ["status", "user_id", "user", "account", "error", "from", "to"];
const STATS_PERIOD = 5_000;
const BUCKETS_PERIOD = 60_000;

/** The logins of all users: numbers by state, and retries of failed logins. */
class Moderation extends Page {
  static properties = { stats: { state: true }, api: { state: true }, busy: { state: true }, refused: { state: true }, buckets: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.stopStats = repeat(() => this.#readStats(), STATS_PERIOD);
    this.stopBuckets = repeat(() => this.#readBuckets(), BUCKETS_PERIOD);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stopStats();
    this.stopBuckets();
  }

  async load() {
    this.refused = undefined;
    await this.read(`/api/admin/tasks?${queryOf(this.route.query, FILTERS, 50)}`);
  }

  async #readStats() {
    const before = JSON.stringify(this.stats?.by_status);
    this.stats = await get("/api/admin/tasks/stats").catch(() => this.stats);
    // Reload the rows when the numbers change, unless the user reads further down
    if (before && before !== JSON.stringify(this.stats?.by_status) && scrollY < 200 && !this.busy && !this.route.query.get("after")) {
      await this.readAgain();
    }
  }

  async #readBuckets() {
    this.api = await capabilities();
    if (!this.api.has("GET", "/admin/tasks/buckets")) return;
    const from = new Date(store.now() - 6 * 3600_000).toISOString();
    this.buckets = await get(`/api/admin/tasks/buckets?by=completed&width=5m&from=${from}`).then((data) => data.items).catch(() => this.buckets);
  }

  async #retry(task) {
    if (this.busy) return;
    this.busy = task.task_id;
    this.refused = undefined;
    try {
      const { data } = await call("POST", `/api/admin/tasks/${task.task_id}/retry`);
      this.#replace(data);
      this.#readStats();
    } catch (problem) {
      this.refused = { id: task.task_id, problem };
    }
    this.busy = undefined;
  }

  #replace(task) {
    this.data = { ...this.data, items: this.data.items.map((one) => (one.task_id === task.task_id ? task : one)) };
  }

  render() {
    const { query } = this.route;
    const fields = [
      statusFilter(),
      this.api?.takes("/admin/tasks", "user") ? { name: "user", label: t("user") } : { name: "user_id", label: t("user_id"), wide: true },
      { name: "account", label: t("account") },
      { name: "error", label: t("reason"), options: ERROR_CODES.map((code) => [code, t(`error.${code}`)]) },
      { name: "from", label: t("from"), time: true },
      { name: "to", label: t("to"), time: true },
    ].filter(({ name }) => ["status", "user", "user_id"].includes(name) || this.api?.takes("/admin/tasks", name));
    return html`<div class="stack-large"><div class="title"><h1 tabindex="-1">${t("moderation")}</h1>
        <span class="live live-on end"><span class="dot"></span>${t("every", { count: STATS_PERIOD / 1000 })}</span></div>
      ${this.#numbers(query)}
      ${this.buckets ? html`<section class="card stack" aria-labelledby="chart"><h2 id="chart">${t("failures_6h")}</h2>${bars(this.buckets)}</section>` : nothing}
      <p-filters class="stack" .fields=${fields} .query=${query}></p-filters>
      ${this.#operation(query)}
      <p-problem .problem=${this.problem} again @retry=${() => this.load()}></p-problem>
      ${this.#list()}
      ${this.data ? html`<div class="row">${toFirst(query)}${more(this.data.next, query, t("older_logins"))}</div>` : nothing}</div>`;
  }

  /** Only failed logins are retried, and only if the API can retry all matches. */
  #operation(query) {
    const can = this.api?.has("POST", "/admin/task-operations") && this.api.has("GET", "/admin/tasks/count");
    if (!can || store.session.read_only || query.get("status") !== "failure") return nothing;
    const filter = queryOf(query, FILTERS);
    filter.delete("limit");
    filter.delete("after");
    if (this.filter?.toString() !== filter.toString()) this.filter = filter;
    return html`<p-operation class="stack" .filter=${this.filter}></p-operation>`;
  }

  /**
   * The delay of due work, and the number of logins in each state. Each number is a link that filters by this state.
   */
  #numbers(query) {
    const { stats } = this;
    const number = (status) => html`<a class="number" href=${withFilter(query, "status", status)}
      aria-current=${query.get("status") === status ? "true" : nothing}><strong>${(stats?.by_status[status] ?? 0).toLocaleString()}${stats?.capped?.includes(status) ? "+" : ""}</strong>${state(status)}</a>`;
    const late = stats?.oldest_due_seconds ?? 0;
    return html`<div class="numbers"><div class="number"><strong class=${late > 30 ? "late" : ""}>${stats ? `${late.toLocaleString()} s` : "…"}</strong>
      <span class="quiet">${t("late")}</span></div>${STATUSES.map(number)}</div>`;
  }

  #list() {
    if (!this.data) return this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`;
    if (this.data.items.length === 0) {
      return html`<div class="card">${empty(t("nothing_matches"), t("nothing_matches_moderation"), html`<a class="button" href="/moderation">${t("clear_filters")}</a>`)}</div>`;
    }
    return html`<div class="card tight"><table class="table"><caption class="visually-hidden">${t("moderation")}</caption>
      <thead><tr>${["state", "user", "account", "attempts", "next_or_reason", "created"].map((name) => html`<th scope="col">${t(name)}</th>`)}
        <th><span class="visually-hidden">${t("actions")}</span></th></tr></thead>
      <tbody>${keyedList(this.data.items, (task) => task.task_id, (task) => row(task, {
        href: `/moderation/${task.task_id}`,
        owner: html`<a href=${withFilter(this.route.query, this.api?.takes("/admin/tasks", "user") ? "user" : "user_id", task.user_id)}
          title=${task.user_id}>${task.owner_username ?? html`<code>${task.user_id.slice(0, 8)}</code>`}</a>`,
        actions: this.#actions(task),
      }))}</tbody></table></div>`;
  }

  #actions(task) {
    const refused = this.refused?.id === task.task_id ? this.refused.problem : undefined;
    return html`${task.status === "failure" && !store.session.read_only ? html`<button type="button" class="slim"
        aria-disabled=${this.busy === task.task_id ? "true" : "false"} @click=${() => this.#retry(task)}>${this.busy === task.task_id ? t("retrying") : t("retry")}</button>` : nothing}
      <a class="button slim" href="/moderation/${task.task_id}">${t("open")}</a>
      ${refused ? html`<p class="error small state failure" role="alert">${t("not_retried")}: ${refused.body.detail ?? reason({ code: refused.type, message: refused.message })}</p>` : nothing}`;
  }
}
customElements.define("p-moderation", Moderation);
