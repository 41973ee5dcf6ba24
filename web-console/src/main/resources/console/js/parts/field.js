import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { Light } from "../lib/element.js";
import { fieldError } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

/** An input with its label, a hint and the server's error. */
class Field extends Light {
  static properties = {
    label: {},
    name: {},
    type: {},
    hint: {},
    error: {},
    value: {},
    autocomplete: {},
    inputmode: {},
    placeholder: {},
    maxlength: { type: Number },
    required: { type: Boolean },
    shown: { state: true },
  };

  get input() {
    return this.querySelector("input");
  }

  render() {
    const id = `field-${this.name}`;
    const error = this.error && fieldError(this.error);
    // The error already contains the hint
    const hint = error && this.hint?.startsWith(error) ? undefined : this.hint;
    const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
    const secret = this.type === "password";
    const input = html`<input id=${id} name=${this.name} type=${secret && this.shown ? "text" : this.type ?? "text"}
      .value=${this.value ?? ""} autocomplete=${this.autocomplete ?? "off"} inputmode=${ifDefined(this.inputmode)}
      placeholder=${ifDefined(this.placeholder)} maxlength=${ifDefined(this.maxlength)} spellcheck="false" autocapitalize="none"
      ?required=${this.required} aria-invalid=${error ? "true" : "false"} aria-describedby=${ifDefined(about || undefined)}
      @input=${(event) => { this.value = event.target.value; }}>`;
    return html`<div class="field"><label for=${id}>${this.label}</label>
      ${secret
        ? html`<span class="with-button">${input}<button type="button" aria-pressed=${this.shown ? "true" : "false"}
            aria-label=${t("show_password")} @click=${() => { this.shown = !this.shown; }}>${icon("eye")}</button></span>`
        : input}
      ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
      ${error ? html`<p class="error" id="${id}-error">${icon("warning")}<span>${error}</span></p>` : nothing}
    </div>`;
  }
}
customElements.define("p-field", Field);

/** The errors of a problem, by field name. */
export const errorsByField = (problem) =>
  Object.fromEntries((problem?.errors ?? []).map(({ field, detail }) => [field, detail]));
