import { html, nothing } from "lit";
import { Page, queryOf } from "../lib/page.js";
import { capabilities } from "../lib/api.js";
import { dayAndClock, exact } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { withFilter } from "../lib/router.js";
import { empty, more, skeleton, toFirst } from "../parts/list.js";

const FILTERS = ["user_id", "actor_id", "action", "task_id", "session_id", "from", "to"];
const ACTIONS = [
  "account.deleted", "account.login", "admin.called", "realm.sessions_ended", "task.cancelled", "task.challenge_answered", "task.retried",
  "task.submitted", "user.credentials_changed", "user.deleted", "user.email_verified", "user.erased", "user.event", "user.logged_in",
  "user.logged_out", "user.login_failed", "user.registered", "user.roles_changed", "user.session_ended", "user.sessions_ended", "user.updated",
];

/** The audit log. Ids are links that filter by this id. */
class Audit extends Page {
  static properties = { api: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    capabilities().then((api) => { this.api = api; });
  }

  async load() {
    await this.read(`/api/admin/audit?${queryOf(this.route.query, FILTERS, 50)}`);
  }

  render() {
    const { query } = this.route;
    const items = this.data?.items;
    const fields = [
      { name: "actor_id", label: t("who"), wide: true },
      { name: "user_id", label: t("whom"), wide: true },
      { name: "action", label: t("action"), options: ACTIONS.map((action) => [action, action]) },
      { name: "from", label: t("from"), time: true },
      { name: "to", label: t("to"), time: true },
      { name: "task_id", label: t("task") },
    ].filter(({ name }) => name !== "task_id" || this.api?.takes("/admin/audit", name));
    return html`<div class="stack-large"><h1 tabindex="-1">${t("audit")}</h1>
      <p-filters class="stack" .fields=${fields} .query=${query}></p-filters>
      <p-problem .problem=${this.problem} again @retry=${() => this.load()}></p-problem>
      ${!items ? this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`
        : items.length === 0 ? html`<div class="card">${empty(t("nothing_matches"), t("no_audit_text"), html`<a class="button" href="/admin/audit">${t("clear_filters")}</a>`)}</div>`
        : html`<div class="card tight"><table class="table"><caption class="visually-hidden">${t("audit")}</caption>
          <thead><tr>${["time", "action", "who", "whom", "task", "address", "details"].map((name) => html`<th scope="col">${t(name)}</th>`)}</tr></thead>
          <tbody>${items.map((line) => this.#row(line))}</tbody></table></div>`}
      ${this.data ? html`<div class="row">${toFirst(query)}${more(this.data.next, query, t("older_lines"))}</div>` : nothing}</div>`;
  }

  #row(line) {
    const { query } = this.route;
    const id = (name, value) => value
      ? html`<a href=${withFilter(query, name, value)} title=${value}><code>${value.slice(0, 8)}</code></a>` : nothing;
    const details = Object.entries({ client: line.client_id, session: line.session_id, account: line.twitter_account_id, ...line.details })
      .filter(([, value]) => value);
    return html`<tr><td class="nowrap"><time datetime=${line.at} title=${exact(line.at)}>${dayAndClock(line.at)}</time></td>
      <td class="name"><a href=${withFilter(query, "action", line.action)}>${line.action}</a></td>
      <td data-label=${t("who")}>${id("actor_id", line.actor_id)}</td><td data-label=${t("whom")}>${id("user_id", line.user_id)}</td>
      <td data-label=${t("task")}>${line.task_id ? html`<a href="/moderation/${line.task_id}" title=${line.task_id}><code>${line.task_id.slice(0, 8)}</code></a>` : nothing}</td>
      <td class="quiet" data-label=${t("address")}>${line.ip_address ?? nothing}</td>
      <td>${details.length === 0 ? nothing : html`<details><summary class="small">${t("details")}</summary>
        <dl class="small">${details.map(([name, value]) => html`<dt class="quiet">${name}</dt><dd>${value}</dd>`)}</dl></details>`}</td></tr>`;
  }
}
customElements.define("p-audit", Audit);
