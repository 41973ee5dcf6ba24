import { LitElement } from "lit";
import { store } from "./store.js";

/** An element without shadow DOM, so that labels, descriptions and password managers work. */
export class Light extends LitElement {
  createRenderRoot() {
    return this;
  }
}

/** An element that renders again after events of the store. */
export class Connected extends Light {
  /** The names of the store's events that it listens to. */
  static events = ["session"];

  #update = () => this.requestUpdate();

  connectedCallback() {
    super.connectedCallback();
    for (const name of this.constructor.events) store.addEventListener(name, this.#update);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const name of this.constructor.events) store.removeEventListener(name, this.#update);
  }
}
