import { html } from "lit";
import { Light } from "../lib/element.js";
import { t } from "../lib/i18n.js";
import { bird } from "../lib/icons.js";

class Missing extends Light {
  render() {
    return html`<div class="card empty">${bird()}<h1 tabindex="-1">${t("missing")}</h1><p class="quiet">${t("missing_text")}</p>
      <div class="row"><a class="button" href="/">${t("to_start")}</a></div></div>`;
  }
}
customElements.define("p-missing", Missing);
