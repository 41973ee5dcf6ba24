import { html, nothing } from "lit";
import { Page } from "../lib/page.js";
import { call } from "../lib/api.js";
import { locale, t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { errorsByField } from "../parts/field.js";
import { skeleton } from "../parts/list.js";
import { meTabs } from "../parts/me-tabs.js";
import "../parts/field.js";

const FIELDS = ["username", "email", "first_name", "last_name", "phone_number"];

/**
 * The user's own account: profile, password, second factor, passkeys and deletion. Some of these are links to Keycloak.
 */
class Me extends Page {
  static properties = { busy: { state: true }, saved: { state: true }, refused: { state: true }, passwordProblem: { state: true } };

  async load() {
    await this.read("/auth/me");
  }

  async #save(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = "profile";
    this.refused = this.saved = undefined;
    const body = {};
    for (const [name, value] of new FormData(event.target)) {
      if (value !== (this.data[name] ?? "")) body[name] = value === "" ? null : value;
    }
    try {
      this.data = (await call("PUT", "/auth/me", { body })).data;
      this.saved = "profile";
    } catch (problem) {
      this.refused = problem;
    }
    this.busy = undefined;
  }

  async #password(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = "password";
    this.passwordProblem = this.saved = undefined;
    const form = event.target;
    try {
      await call("POST", "/auth/me/password", { body: Object.fromEntries(new FormData(form)) });
      form.querySelectorAll("p-field").forEach((field) => { field.value = ""; });
      this.saved = "password";
    } catch (problem) {
      this.passwordProblem = problem;
    }
    this.busy = undefined;
  }

  render() {
    return html`<div class="stack-large"><h1 tabindex="-1">${t("sign_in_page")}</h1>${meTabs("/me")}
      <p-problem .problem=${this.problem} again @retry=${() => this.load()}></p-problem>
      ${this.data ? html`${this.#profile()}${this.#passwordForm()}${this.#security()}${this.#end()}`
        : this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`}</div>`;
  }

  #profile() {
    const errors = errorsByField(this.refused);
    const labels = Object.fromEntries(FIELDS.map((name) => [name, t(`profile.${name}`)]));
    const fresh = this.refused?.type === "insufficient-user-authentication";
    return html`<form class="card stack" novalidate @submit=${this.#save}><h2>${t("profile")}</h2>
      ${fresh ? this.#fresh() : html`<p-problem .problem=${this.refused} .labels=${labels}></p-problem>`}
      ${FIELDS.map((name) => html`<p-field name=${name} .label=${labels[name]} .value=${this.data[name] ?? ""} .error=${errors[name]}
        autocomplete=${{ username: "username", email: "email", first_name: "given-name", last_name: "family-name", phone_number: "tel" }[name]}
        .hint=${name === "email" && this.data.email && !this.data.email_verified ? t("not_verified") : undefined}></p-field>`)}
      <div class="row"><button class="primary" aria-disabled=${this.busy ? "true" : "false"}>${this.busy === "profile" ? t("saving") : t("save")}</button>
        <span role="status">${this.saved === "profile" ? html`<span class="state success">${icon("check")} ${t("saved")}</span>` : nothing}</span></div></form>`;
  }

  #fresh() {
    return html`<div class="notice problem" role="alert">${icon("warning")}<div class="grow">${t("fresh_needed")}</div>
      <a class="button slim" href="/signin?fresh&to=/me&lang=${locale()}">${t("sign_in_again")}</a></div>`;
  }

  #passwordForm() {
    const errors = errorsByField(this.passwordProblem);
    const labels = { current_password: t("current_password"), new_password: t("new_password") };
    return html`<form class="card stack" novalidate @submit=${this.#password}><h2>${t("password")}</h2>
      <p-problem .problem=${this.passwordProblem} .labels=${labels}></p-problem>
      <input class="visually-hidden" autocomplete="username" tabindex="-1" aria-hidden="true" .value=${this.data.username} readonly>
      <p-field name="current_password" type="password" .label=${labels.current_password} autocomplete="current-password" .error=${errors.current_password}></p-field>
      <p-field name="new_password" type="password" .label=${labels.new_password} autocomplete="new-password" .hint=${t("password_hint")} .error=${errors.new_password}></p-field>
      <div class="row"><button aria-disabled=${this.busy ? "true" : "false"}>${this.busy === "password" ? t("saving") : t("change_password")}</button>
        <span role="status">${this.saved === "password" ? html`<span class="state success">${icon("check")} ${t("password_changed")}</span>` : nothing}</span></div></form>`;
  }

  #action(name) {
    return `/signin/action?do=${encodeURIComponent(name)}&to=/me&lang=${locale()}`;
  }

  #security() {
    return html`<section class="card tight" aria-labelledby="security"><h2 id="security" class="visually-hidden">${t("security")}</h2><ul class="items">
      <li>${icon("shield")}<span class="grow"><strong>${t("second_factor")}</strong><br><span class="quiet small">${t("second_factor_text")}</span></span>
        <a class="button slim" href=${this.#action("CONFIGURE_TOTP")}>${t("set_up")}</a></li>
      <li>${icon("key")}<span class="grow"><strong>${t("passkeys")}</strong><br><span class="quiet small">${t("passkeys_text")}</span></span>
        <a class="button slim" href=${this.#action("webauthn-register-passwordless")}>${t("add")}</a></li></ul></section>`;
  }

  #end() {
    return html`<section class="card stack" aria-labelledby="end"><h2 id="end">${t("delete_me")}</h2><p>${t("delete_me_text")}</p>
      <div class="row"><a class="button" href=${this.#action("delete_account")}>${t("delete_me_link")}</a></div></section>`;
  }
}
customElements.define("p-me", Me);
