import { html, nothing } from "lit";
import { Page, queryOf } from "../lib/page.js";
import { time } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { store } from "../lib/store.js";
import { empty, more, skeleton, toFirst } from "../parts/list.js";
import "../parts/time.js";

export const ROLES = ["admin", "moderator", "user"];

/** The user's highest role. Each role includes the lower ones. */
export const roleOf = (user) => ROLES.find((role) => user.roles.includes(role));

/** The users of the realm. */
class Users extends Page {
  async load() {
    await this.read(`/api/admin/users?${queryOf(this.route.query, ["search"], 50)}`);
  }

  render() {
    const { query } = this.route;
    const items = this.data?.items;
    return html`<div class="stack-large"><div class="title"><h1 tabindex="-1">${t("users")}</h1>
        ${store.session.links.keycloak ? html`<a class="end" href="${store.session.links.keycloak}/users">${t("keycloak_console")}</a>` : nothing}</div>
      <p-filters class="stack" .query=${query} .fields=${[{ name: "search", label: t("search_users"), wide: true }]}></p-filters>
      <p-problem .problem=${this.problem} again @retry=${() => this.load()}></p-problem>
      ${!items ? this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`
        : items.length === 0 ? html`<div class="card">${empty(t("nothing_matches"), t("no_users_text"), html`<a class="button" href="/admin/users">${t("clear_filters")}</a>`)}</div>`
        : html`<div class="card tight"><table class="table"><caption class="visually-hidden">${t("users")}</caption>
          <thead><tr>${["user", "email", "role", "state", "last_sign_in", "created"].map((name) => html`<th scope="col">${t(name)}</th>`)}</tr></thead>
          <tbody>${items.map((user) => html`<tr><td class="name"><a href="/admin/users/${user.user_id}">${user.username}</a>
              ${user.first_name || user.last_name ? html`<div class="quiet small">${user.first_name} ${user.last_name}</div>` : nothing}</td>
            <td>${user.email}${user.email && !user.email_verified ? html` <span class="quiet small">(${t("not_verified")})</span>` : nothing}</td>
            <td>${t(`role.${roleOf(user) ?? "none"}`)}</td>
            <td>${user.enabled ? html`<span class="state success">${icon("check")} ${t("enabled")}</span>` : html`<span class="state cancelled">${icon("bar")} ${t("disabled")}</span>`}</td>
            <td class="nowrap" data-label=${t("last_sign_in")}>${user.last_login ? time(user.last_login) : t("never")}</td>
            <td class="nowrap quiet" data-label=${t("created")}>${time(user.created_at)}</td></tr>`)}</tbody></table></div>`}
      ${this.data ? html`<div class="row">${toFirst(query)}${more(this.data.next, query, t("older_users"))}</div>` : nothing}</div>`;
  }
}
customElements.define("p-users", Users);
