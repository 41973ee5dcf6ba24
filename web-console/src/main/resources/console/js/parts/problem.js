import { html, nothing } from "lit";
import { Light } from "../lib/element.js";
import { fieldError, problemText } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

/** An error message. For a form it lists the invalid fields as links. It offers a retry if that may help. */
class ProblemBox extends Light {
  static properties = { problem: { attribute: false }, labels: { attribute: false }, again: { type: Boolean } };

  updated(changed) {
    // After a form is sent, the focus goes to the message, so that screen readers read it
    if (changed.has("problem") && this.problem && this.labels) this.querySelector(".problem").focus();
  }

  render() {
    const problem = this.problem;
    if (!problem) return nothing;
    const errors = this.labels ? problem.errors : [];
    return html`<div class="notice problem" role="alert" tabindex="-1">${icon("warning")}<div class="grow">
      <strong>${errors.length > 0 ? t("fields_need_change", { count: errors.length }) : problemText(problem)}</strong>
      ${errors.length === 0 ? nothing : html`<ul>${errors.map(({ field, detail }) => html`<li>
        <a href="#field-${field}" @click=${(event) => this.#focus(event, field)}>${this.labels[field] ?? field}</a>:
        ${fieldError(detail)}</li>`)}</ul>`}
      ${this.#nextTime(problem)}</div>
      ${this.again ? html`<button type="button" class="slim" @click=${() => this.dispatchEvent(new Event("retry"))}>
        ${t("try_again")}</button>` : nothing}</div>`;
  }

  #nextTime(problem) {
    if (problem.status !== 429 || !problem.retryAfter) return nothing;
    return html`<p>${t("again_in", { count: problem.retryAfter })}</p>`;
  }

  #focus(event, field) {
    event.preventDefault();
    document.getElementById(`field-${field}`)?.focus();
  }
}
customElements.define("p-problem", ProblemBox);
