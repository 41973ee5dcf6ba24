import { html, nothing } from "lit";
import { Page } from "../lib/page.js";
import { exact } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { store } from "../lib/store.js";
import { back, skeleton } from "../parts/list.js";
import "../parts/time.js";

/** One user, with links to the user's logins and audit entries. */
class User extends Page {
  async load() {
    const { id } = this.route.params;
    this.problem = undefined;
    // The API cannot return a single user. Search the user in the lists that were read, and then in the newest ones
    this.data = store.recent().find((user) => user.user_id === id && user.username);
    if (!this.data) await this.find("/api/admin/users?limit=100", (user) => user.user_id === id);
  }

  render() {
    const user = this.data;
    const { links } = store.session;
    const id = this.route.params.id;
    return html`<div class="stack-large">${back("/admin/users", t("back_to_users"))}<h1 tabindex="-1">${user?.username ?? t("user")}</h1>
      <p-problem .problem=${this.problem} again @retry=${() => this.load()}></p-problem>
      ${user ? html`<div class="card"><dl class="facts">
          <dt>${t("name")}</dt><dd>${[user.first_name, user.last_name].filter(Boolean).join(" ") || "–"}</dd>
          <dt>${t("email")}</dt><dd>${user.email ?? "–"} ${user.email && !user.email_verified ? html`<span class="quiet">(${t("not_verified")})</span>` : nothing}</dd>
          <dt>${t("phone")}</dt><dd>${user.phone_number ?? "–"}</dd>
          <dt>${t("roles")}</dt><dd>${user.roles.filter((role) => !role.startsWith("default-roles")).join(", ") || "–"}</dd>
          <dt>${t("state")}</dt><dd>${t(user.enabled ? "enabled" : "disabled")}</dd>
          <dt>${t("created")}</dt><dd>${exact(user.created_at)}</dd>
          <dt>${t("last_sign_in")}</dt><dd>${user.last_login ? exact(user.last_login) : t("never")}</dd>
          <dt>${t("id")}</dt><dd><p-copy text=${user.user_id}></p-copy></dd></dl></div>`
        : this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`}
      <p class="links"><a href="/moderation?user_id=${id}">${t("logins_of_user")}</a>
        <a href="/admin/audit?user_id=${id}">${t("audit_of_user")}</a> <a href="/admin/audit?actor_id=${id}">${t("audit_by_user")}</a>
        ${links.keycloak ? html`<a href="${links.keycloak}/users/${id}/settings">${t("keycloak_console")}</a>` : nothing}</p></div>`;
  }
}
customElements.define("p-user", User);
