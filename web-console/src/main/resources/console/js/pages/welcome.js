import { html, nothing } from "lit";
import { Connected } from "../lib/element.js";
import { locale, t } from "../lib/i18n.js";
import { bird, icon } from "../lib/icons.js";
import { store } from "../lib/store.js";

const DEMO = [
  ["alice", "user"],
  ["mona", "moderator"],
  ["ada", "admin"],
];

/** The first page for users who are not signed in. */
class Welcome extends Connected {
  render() {
    const { demo, links } = store.session;
    const failed = this.route.query.get("signin") === "failed";
    const address = (more) => `/signin?to=/logins&lang=${locale()}${more}`;
    return html`<div class="welcome stack-large">
      ${failed ? html`<p class="notice problem" role="alert">${icon("warning")}<span>${t("sign_in_failed")}</span></p>` : nothing}
      <section class="hero"><div><h1 tabindex="-1">${t("welcome")}</h1><p class="lead">${t("welcome_text")}</p>
        <div class="row"><a class="button primary" href=${address("")}>${t("sign_in")}</a>
          <a class="button" href=${address("&register")}>${t("register")}</a></div></div>${bird()}</section>
      ${demo ? html`<section class="card stack" aria-labelledby="demo"><h2 id="demo">${t("demo")}</h2>
        <p class="quiet">${t("demo_text")}</p>
        <table class="table"><thead><tr><th>${t("user")}</th><th>${t("password")}</th><th>${t("role")}</th></tr></thead>
          <tbody>${DEMO.map(([name, role]) => html`<tr><td class="name">${name}</td>
            <td data-label=${t("password")}><code>perch-demo-${name}</code></td><td data-label=${t("role")}>${t(`role.${role}`)}</td></tr>`)}</tbody></table>
      </section>` : nothing}
      <ul class="steps">${[["plus", 1], ["clock", 2], ["key", 3]].map(([name, number]) => html`<li>${icon(name)}
        <h2>${t(`step.${number}`)}</h2><p class="quiet">${t(`step.${number}.text`)}</p></li>`)}</ul>
      <p class="links small">
        ${links.api_docs ? html`<a href=${links.api_docs}>${t("api_docs")}</a>` : nothing}
        ${demo ? html`<a href=${links.keycloak}>${t("keycloak_console")}</a>` : nothing}
        ${links.source ? html`<a href=${links.source}>${t("source")}</a>` : nothing}</p></div>`;
  }
}
customElements.define("p-welcome", Welcome);
