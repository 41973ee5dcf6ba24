import { html, nothing } from "lit";
import { Page } from "../lib/page.js";
import { call, capabilities } from "../lib/api.js";
import { FINAL } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { store } from "../lib/store.js";
import { confirmed } from "../parts/confirm.js";
import { back, skeleton } from "../parts/list.js";
import { story } from "../parts/task-head.js";

/** One login of any user, for moderators. */
class Moderated extends Page {
  static properties = { busy: { state: true }, refused: { state: true }, api: { state: true } };

  async load() {
    const { id } = this.route.params;
    this.api = await capabilities();
    if (this.api.has("GET", "/admin/tasks/{id}")) {
      await this.read(`/api/admin/tasks/${id}`);
      return;
    }
    this.problem = undefined;
    // This API cannot return a single login. Search it in the lists that were read, and then in the newest ones
    this.data = store.recent().find((task) => task.task_id === id);
    if (!this.data) await this.find("/api/admin/tasks?limit=100", (task) => task.task_id === id);
  }

  async #do(method, path, what) {
    if (this.busy) return;
    this.busy = what;
    this.refused = undefined;
    try {
      const { data } = await call(method, path);
      if (data) this.data = data;
      else await this.load();
    } catch (problem) {
      this.refused = problem;
    }
    this.busy = undefined;
  }

  async #cancel() {
    const sure = await confirmed({
      heading: t("cancel_question", { account: this.data.username }),
      body: html`<p>${t("cancel_text")}</p>`,
      action: t("cancel_login"),
      keep: t("let_it_run"),
    });
    if (sure) await this.#do("DELETE", `/api/admin/tasks/${this.data.task_id}`, "cancel");
  }

  render() {
    const task = this.data;
    return html`<div class="stack-large">${back("/moderation", t("back_to_moderation"))}
      <div class="title"><h1 tabindex="-1">${task?.username ?? t("login")}</h1>${task && !store.session.read_only ? this.#actions(task) : nothing}</div>
      <p-problem .problem=${this.problem} again @retry=${() => this.load()}></p-problem><p-problem .problem=${this.refused}></p-problem>
      ${task ? story(task, html`<a href="/moderation?user_id=${task.user_id}">${task.owner_username ?? html`<code>${task.user_id}</code>`}</a>`)
        : this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`}
      ${task && store.has("admin") ? html`<p><a href="/admin/audit?user_id=${task.user_id}">${t("audit_of_user")}</a></p>` : nothing}</div>`;
  }

  #actions(task) {
    const busy = this.busy ? "true" : "false";
    if (task.status === "failure") {
      return html`<button type="button" class="end primary" aria-disabled=${busy}
        @click=${() => this.#do("POST", `/api/admin/tasks/${task.task_id}/retry`, "retry")}>${this.busy ? t("retrying") : t("retry")}</button>`;
    }
    if (FINAL.includes(task.status) || !this.api?.has("DELETE", "/admin/tasks/{id}")) return nothing;
    return html`<button type="button" class="end" aria-disabled=${busy} @click=${this.#cancel}>${this.busy ? t("cancelling") : t("cancel_login")}</button>`;
  }
}
customElements.define("p-moderated", Moderated);
