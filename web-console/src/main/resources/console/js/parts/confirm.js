import { html, nothing } from "lit";
import { Light } from "../lib/element.js";
import { t } from "../lib/i18n.js";

/** Asks before something that cannot be undone. With a word: it has to be typed. */
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

/** Resolves to whether the user is sure, with what {read} finds in the dialog. The focus goes back to where it was. */
export function confirmed(question) {
  return new Promise((resolve) => {
    const element = document.createElement("p-confirm");
    element.question = question;
    element.answered = resolve;
    document.body.append(element);
  });
}
