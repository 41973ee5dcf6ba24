import { html, nothing } from "lit";
import { Light } from "../lib/element.js";
import { ago, exact, remaining } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { store } from "../lib/store.js";

/** One timer for all elements that show a time. */
const shown = new Set();
setInterval(() => {
  if (!document.hidden) for (const element of shown) element.tick();
}, 1000);

class Ticking extends Light {
  connectedCallback() {
    super.connectedCallback();
    shown.add(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    shown.delete(this);
  }

  tick() {
    this.requestUpdate();
  }
}

/** How long ago a time was. The exact time is shown on hover. */
class Time extends Ticking {
  static properties = { at: { attribute: false } };

  tick() {
    if (this.at && ago(this.at) !== this.text) this.requestUpdate();
  }

  render() {
    if (!this.at) return nothing;
    this.text = ago(this.at);
    return html`<time datetime=${this.at} title=${exact(this.at)}>${this.text}</time>`;
  }
}
customElements.define("p-time", Time);

/** Minutes and seconds until a time. Sends the event "due" once. Screen readers do not read it. */
class Countdown extends Ticking {
  static properties = { until: { attribute: false } };

  render() {
    const left = Date.parse(this.until) - store.now();
    if (left <= 0 && this.announced !== this.until) {
      this.announced = this.until;
      this.dispatchEvent(new CustomEvent("due", { bubbles: true }));
    }
    return html`<span class="nowrap" role="timer" aria-live="off" title=${exact(this.until)}>${remaining(this.until)}</span>`;
  }
}
customElements.define("p-countdown", Countdown);

/** An id with a copy button. */
class Copy extends Light {
  static properties = { text: {}, done: { state: true } };

  async #copy() {
    await navigator.clipboard?.writeText(this.text);
    this.done = true;
    setTimeout(() => { this.done = false; }, 2000);
  }

  render() {
    return html`<span class="row nowrap"><code title=${this.text}>${this.text.slice(0, 8)}…</code>
      <button type="button" class="quiet-button slim" @click=${this.#copy}>${icon(this.done ? "check" : "copy")}
        <span>${this.done ? t("copied") : t("copy")}</span></button></span>`;
  }
}
customElements.define("p-copy", Copy);
