import { html, nothing } from "lit";
import { t } from "../lib/i18n.js";

export const meTabs = (at) => html`<nav class="tabs" aria-label=${t("sign_in_page")}>
  ${[["/me", t("profile_security")], ["/me/devices", t("devices")]].map(([href, text]) =>
    html`<a href=${href} aria-current=${href === at ? "page" : nothing}>${text}</a>`)}</nav>`;
