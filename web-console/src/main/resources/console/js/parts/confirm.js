import { html, nothing } from "lit";
import { Light } from "../lib/element.js";
import { t } from "../lib/i18n.js";

/** A confirmation dialog. If there is a word, the user must type it. */
class Confirm extends Light {
  static properties = { question: { attribute: false }, typed: { state: true } };

  firstUpdated() {
    this.querySelector("dialog").showModal();
  }

  #answer(yes) {
    const { read } = this.question;
    this.answered(yes && read ? { value: read(this) } : yes);
    this.querySelector("dialog").close();
    this.remove();
  }

  #submit(event) {
    event.preventDefault();
    if (this.#isSure()) this.#answer(true);
  }

  #isSure() {
    return !this.question.word || this.typed?.trim() === this.question.word;
  }

  render() {
    const { heading, body, word, action, keep } = this.question;
    return html`<dialog aria-labelledby="confirm-heading" @cancel=${() => this.#answer(false)}>
      <form @submit=${this.#submit} class="stack">
        <h2 id="confirm-heading">${heading}</h2>
        <div class="stack">${body}</div>
        ${word ? html`<div class="field"><label for="confirm-word">${t("type_word", { word })}</label>
          <input id="confirm-word" autocomplete="off" spellcheck="false" autocapitalize="none"
            @input=${(event) => { this.typed = event.target.value; }}></div>` : nothing}
        <div class="buttons">
          <button type="button" @click=${() => this.#answer(false)}>${keep ?? t("keep")}</button>
          <button class="danger" aria-disabled=${this.#isSure() ? "false" : "true"}>${action}</button>
        </div>
      </form></dialog>`;
  }
}
customElements.define("p-confirm", Confirm);

/**
 * Resolves to whether the user has confirmed, with the result of {read}. The focus then goes back to the previous
 * element.
 */
export function confirmed(question) {
  return new Promise((resolve) => {
    const element = document.createElement("p-confirm");
    element.question = question;
    element.answered = resolve;
    document.body.append(element);
  });
}
