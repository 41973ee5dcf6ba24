import { html } from "lit";
import { Light } from "../lib/element.js";
import { t } from "../lib/i18n.js";

/** Shown in the small window after a new sign-in. Notifies the other windows, and closes. */
class SignedIn extends Light {
  connectedCallback() {
    super.connectedCallback();
    new BroadcastChannel("perch").postMessage("signed-in");
    window.close();
  }

  render() {
    return html`<div class="card stack"><h1 tabindex="-1">${t("signed_in")}</h1><p>${t("close_window")}</p>
      <p><a href="/logins">${t("logins")}</a></p></div>`;
  }
}
customElements.define("p-signed-in", SignedIn);
