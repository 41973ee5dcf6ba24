import { html, nothing } from "lit";
import { call } from "../lib/api.js";
import { Light } from "../lib/element.js";
import { problemText } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

/** Whether a login waits for a code, or checks the code that the user entered. */
export const asksForCode = (task) => Boolean(task?.challenge)
  || (task?.status === "running" && (task.history ?? []).some((step) => step.status === "challenge_required"));

/** A form for the code of a login. It stays while the code is checked, so that the focus is not lost. */
class CodeForm extends Light {
  static properties = { task: { attribute: false }, busy: { state: true }, problem: { state: true } };

  async #send(event) {
    event.preventDefault();
    const input = this.querySelector("input");
    // Pasted codes may contain spaces and hyphens
    const code = input.value.replace(/[\s-]/g, "");
    if (this.busy || !this.task.challenge || code === "") {
      input.focus();
      return;
    }
    this.busy = true;
    this.problem = undefined;
    try {
      await call("POST", `/api/tasks/${this.task.task_id}/challenge`, { body: { code } });
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
    const checking = !task.challenge;
    const wrong = task.history?.at(-1)?.detail === "wrong_code";
    const error = this.problem ? this.#text() : wrong ? t("wrong_code") : undefined;
    const id = `code-${task.task_id}`;
    return html`<form class="code-form" @submit=${this.#send}>
      <div class="field"><label for=${id}>${t("code")}</label>
        <input id=${id} name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="16" spellcheck="false"
          aria-invalid=${error ? "true" : "false"} aria-describedby="${id}-error"></div>
      <button class="primary" aria-disabled=${this.busy || checking ? "true" : "false"}>${this.busy ? t("sending") : checking ? t("checking") : t("send_code")}</button>
      <p class="error small grow" id="${id}-error" role="alert">${error ? html`<span class="state failure">${icon("warning")} ${error}</span>` : nothing}</p>
    </form>`;
  }

  #text() {
    return this.problem.errors[0]?.detail ?? problemText(this.problem);
  }
}
customElements.define("p-code-form", CodeForm);

/** How the code was sent, and the remaining time. */
export const codeAsked = (challenge) => challenge
  ? html`<span class="quiet">${t(`challenge.${challenge.kind}`)}</span>
    <span class="nowrap"><p-countdown .until=${challenge.expires_at}></p-countdown> ${t("left")}</span>`
  : nothing;
