import { html, nothing } from "lit";
import { call } from "../lib/api.js";
import { Light } from "../lib/element.js";
import { problemText } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

/** Answers the code that a login waits for, in place. */
class CodeForm extends Light {
  static properties = { task: { attribute: false }, busy: { state: true }, problem: { state: true }, sent: { state: true } };

  async #send(event) {
    event.preventDefault();
    const input = this.querySelector("input");
    // People paste codes as the mail has them
    const code = input.value.replace(/[\s-]/g, "");
    if (this.busy || code === "") {
      input.focus();
      return;
    }
    this.busy = true;
    this.problem = undefined;
    try {
      await call("POST", `/api/tasks/${this.task.task_id}/challenge`, { body: { code } });
      this.sent = this.task.challenge.expires_at;
      input.value = "";
      this.dispatchEvent(new CustomEvent("answered", { bubbles: true }));
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
    if (this.problem) {
      await this.updateComplete;
      input.focus();
    }
  }

  render() {
    const { task } = this;
    const wrong = task.history?.at(-1)?.detail === "wrong_code";
    const error = this.problem ? this.#text() : wrong ? t("wrong_code") : undefined;
    const id = `code-${task.task_id}`;
    return html`<form class="code-form" @submit=${this.#send}>
      <div class="field"><label for=${id}>${t("code")}</label>
        <input id=${id} name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="16" spellcheck="false"
          aria-invalid=${error ? "true" : "false"} aria-describedby="${id}-error"></div>
      <button class="primary" aria-disabled=${this.busy ? "true" : "false"}>${this.busy ? t("sending") : t("send_code")}</button>
      <p class="error small grow" id="${id}-error" role="alert">${error ? html`<span class="state failure">${icon("warning")} ${error}</span>` : nothing}</p>
    </form>`;
  }

  #text() {
    return this.problem.errors[0]?.detail ?? problemText(this.problem);
  }
}
customElements.define("p-code-form", CodeForm);

/** What a code is asked for, and how long yet. */
export const codeAsked = (challenge) => html`<span class="quiet">${t(`challenge.${challenge.kind}`)}</span>
  <span class="nowrap"><p-countdown .until=${challenge.expires_at}></p-countdown> ${t("left")}</span>`;
