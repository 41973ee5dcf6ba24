import { html, nothing } from "lit";
import { call, get } from "../lib/api.js";
import { Light } from "../lib/element.js";
import { reason } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { confirmed } from "./confirm.js";

const POLL_PERIOD = 1_000;
/** While an operation runs, the matches are counted at every fifth poll, because a count costs more. */
const POLLS_PER_COUNT = 5;

/**
 * Retries all logins that match: shows their number, asks for confirmation, and shows the progress. The server runs the
 * operation, not this page.
 */
class Operation extends Light {
  static properties = { filter: { attribute: false }, count: { state: true }, operation: { state: true }, problem: { state: true }, busy: { state: true } };

  willUpdate(changed) {
    if (!changed.has("filter")) return;
    this.count = undefined;
    this.#count();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  async #count() {
    const asked = this.filter.toString();
    const count = await get(`/api/admin/tasks/count?${asked}`).catch(() => undefined);
    if (asked === this.filter.toString()) this.count = count ?? this.count;
  }

  async #retryAll() {
    await this.#count();
    const count = this.count;
    if (!count) return;
    const sure = await confirmed({
      heading: t("retry_question", { count: count.count }),
      body: html`<ul>${Object.entries(count.by_error ?? {}).map(([code, number]) => html`<li>${reason({ code, message: code })}: ${number.toLocaleString()}</li>`)}</ul>
        <p>${t("retry_accounts", { count: count.accounts ?? 0 })}</p>
        <label class="row"><input class="box" type="checkbox" id="retryable-only" checked> ${t("retryable_only", { count: count.retryable ?? 0 })}</label>`,
      action: t("retry_count", { count: count.count }),
      keep: t("go_back"),
      read: (dialog) => dialog.querySelector("#retryable-only").checked,
    });
    if (!sure) return;
    const filter = {};
    for (const name of this.filter.keys()) filter[name] = name === "status" ? this.filter.getAll(name) : this.filter.get(name);
    await this.#do(async () => {
      this.operation = (await call("POST", "/api/admin/task-operations", {
        body: { action: "retry", filter, as_of: count.as_of, expected: count.count, retryable_only: sure.value },
      })).data;
      this.#follow();
    });
  }

  #follow(polls = 1) {
    this.timer = setTimeout(async () => {
      this.operation = await get(`/api/admin/task-operations/${this.operation.operation_id}`).catch(() => this.operation);
      if (this.operation.ended_at || polls % POLLS_PER_COUNT === 0) this.#count();
      if (!this.operation.ended_at && this.isConnected) this.#follow(polls + 1);
    }, POLL_PERIOD);
  }

  async #do(action) {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await action();
    } catch (problem) {
      this.problem = problem;
      if (problem.status === 409) this.#count();
    }
    this.busy = false;
  }

  render() {
    const { count, operation } = this;
    return html`<div class="row"><span role="status">${count ? t("match", { count: count.count, more: count.capped ? "+" : "" }) : nothing}</span>
        ${count?.count > 0 && !(operation && !operation.ended_at) ? html`<button type="button" class="slim"
          aria-disabled=${this.busy ? "true" : "false"} @click=${this.#retryAll}>${t("retry_all")}</button>` : nothing}</div>
      <p-problem .problem=${this.problem}></p-problem>
      ${operation ? this.#progress(operation) : nothing}`;
  }

  #progress({ operation_id: id, matched, done, refused = [], ended_at: ended }) {
    const number = refused.reduce((sum, one) => sum + one.count, 0);
    return html`<div class="card stack"><div class="row"><label class="grow" for="operation">${t(ended ? "operation_ended" : "operation_runs", { done, matched })}</label>
        ${ended ? nothing : html`<button type="button" class="slim" @click=${() => this.#do(() => call("DELETE", `/api/admin/task-operations/${id}`))}>${t("stop")}</button>`}</div>
      <progress id="operation" max=${Math.max(1, matched)} value=${done}></progress>
      ${number > 0 ? html`<details><summary>${t("refused", { count: number })}</summary><ul>${refused.map((one) => html`<li>${reason({ code: one.code, message: one.code })}:
        ${one.count} (<a href="/moderation/${one.task_id}">${t("for_example")}</a>)</li>`)}</ul></details>` : nothing}</div>`;
  }
}
customElements.define("p-operation", Operation);
