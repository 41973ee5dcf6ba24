import { html, nothing } from "lit";
import { LivePage } from "../lib/page.js";
import { call } from "../lib/api.js";
import { FINAL, reason } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { router } from "../lib/router.js";
import { store } from "../lib/store.js";
import { confirmed } from "../parts/confirm.js";
import { back, skeleton } from "../parts/list.js";
import { asksForCode, codeAsked } from "../parts/code-form.js";
import { logInAgain } from "../parts/tasks.js";
import { story } from "../parts/task-head.js";

class Login extends LivePage {
  static properties = { busy: { state: true }, refused: { state: true } };

  async load() {
    const { id } = this.route.params;
    this.refused = undefined;
    const task = await this.read(`/api/tasks/${id}`);
    if (task) store.keep(task);
  }

  get task() {
    return store.tasks.get(this.route.params.id) ?? this.data;
  }

  async #cancel() {
    const sure = await confirmed({
      heading: t("cancel_question", { account: this.task.username }),
      body: html`<p>${t("cancel_text")}</p>`,
      action: t("cancel_login"),
      keep: t("let_it_run"),
    });
    if (sure) await this.#do("cancelling", async () => call("DELETE", `/api/tasks/${this.task.task_id}`));
  }

  async #again() {
    await this.#do("again", async () => router.go(`/logins/${await logInAgain(this.task.twitter_account_id)}`));
  }

  /** Shows no result before the server has answered. Until then the button shows that the action runs. */
  async #do(what, action) {
    if (this.busy) return;
    this.busy = what;
    this.refused = undefined;
    try {
      await action();
      await this.readAgain();
    } catch (problem) {
      this.refused = problem;
      if (problem.status === 409) await this.readAgain();
    }
    this.busy = undefined;
  }

  async readAgain() {
    await super.readAgain();
    if (this.data) store.keep(this.data);
  }

  render() {
    const task = this.task;
    return html`<div class="stack-large">${back("/logins", t("back_to_logins"))}
      <div class="title"><h1 tabindex="-1">${task?.username ?? t("login")}</h1><p-live class="row"></p-live>
        ${task && !FINAL.includes(task.status) ? html`<button type="button" class="end" aria-disabled=${this.busy ? "true" : "false"}
          @click=${this.#cancel}>${this.busy === "cancelling" ? t("cancelling") : t("cancel_login")}</button>` : nothing}</div>
      <p-problem .problem=${this.problem} again @retry=${() => this.load()}></p-problem>
      <p-problem .problem=${this.refused}></p-problem>
      ${task ? html`${this.#next(task)}${story(task)}` : this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`}</div>`;
  }

  /** The action that the user can take now. */
  #next(task) {
    if (asksForCode(task)) {
      return html`<section class="codes" aria-labelledby="code-heading"><h2 id="code-heading">${icon("key")} ${t("code_needed")}</h2>
        <div class="row">${codeAsked(task.challenge)}</div><p-code-form .task=${task}></p-code-form></section>`;
    }
    if (task.status !== "failure") return nothing;
    return html`<section class="notice problem">${icon("cross")}<div class="grow stack"><p><strong>${task.error ? reason(task.error) : t("status.failure")}</strong></p>
      <p>${t(task.error?.retryable ? "may_succeed" : task.error?.code === "wrong_credentials" ? "same_fails" : "no_retry")}</p>
      <div class="row">${task.error?.retryable
        ? html`<button type="button" class="primary" aria-disabled=${this.busy ? "true" : "false"} @click=${this.#again}>${t("log_in_again")}</button>`
        : task.error?.code === "account_deleted" ? nothing
        : html`<a class="button" href="/logins/new?username=${task.username}">${t("other_password")}</a>`}</div></div></section>`;
  }
}
customElements.define("p-login", Login);
