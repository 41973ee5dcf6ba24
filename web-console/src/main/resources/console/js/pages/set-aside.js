import { html, nothing } from "lit";
import { Page, queryOf } from "../lib/page.js";
import { call, capabilities } from "../lib/api.js";
import { dayAndClock } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { store } from "../lib/store.js";
import { empty, more, skeleton, toFirst } from "../parts/list.js";

const SOURCES = ["user-events", "twitter-logins"];

/** Records that could not be processed. An administrator can send them again. */
class SetAside extends Page {
  static properties = { sent: { state: true }, refused: { state: true }, missing: { state: true } };

  async load() {
    this.sent = new Set();
    this.missing = !(await capabilities()).has("GET", "/admin/set-aside");
    if (!this.missing) await this.read(`/api/admin/set-aside?${queryOf(this.route.query, ["source"], 50)}`);
  }

  async #redrive(record) {
    this.refused = undefined;
    try {
      await call("POST", `/api/admin/set-aside/${encodeURIComponent(record.id)}/redrive`);
      this.sent = new Set([...this.sent, record.id]);
    } catch (problem) {
      this.refused = problem;
    }
  }

  render() {
    const { query } = this.route;
    const items = this.data?.items;
    const nothingThere = () => html`<div class="card">${empty(t("nothing_set_aside"), t("nothing_set_aside_text"))}</div>`;
    return html`<div class="stack-large"><h1 tabindex="-1">${t("set_aside")}</h1>
      ${this.missing ? html`<p class="notice">${t("api_lacks_this")}</p>` : html`
      <p-filters class="stack" .query=${query} .fields=${[{ name: "source", label: t("source_topic"), options: SOURCES.map((name) => [name, name]) }]}></p-filters>
      <p-problem .problem=${this.problem ?? this.refused} again @retry=${() => this.load()}></p-problem>
      ${!items ? this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>` : items.length === 0 ? nothingThere() : html`<div class="card tight">
        <table class="table"><caption class="visually-hidden">${t("set_aside")}</caption><thead><tr>${["time", "source_topic", "reason", "user"].map((name) =>
          html`<th scope="col">${t(name)}</th>`)}<th><span class="visually-hidden">${t("actions")}</span></th></tr></thead>
        <tbody>${items.map((record) => html`<tr><td class="nowrap">${dayAndClock(record.at)}</td>
          <td><code>${record.topic}-${record.partition}@${record.offset}</code><div class="quiet small">${record.event_type}</div></td><td>${record.reason}</td>
          <td>${record.user_id ? html`<a href="/admin/users/${record.user_id}"><code>${record.user_id.slice(0, 8)}</code></a>` : nothing}</td>
          <td class="actions">${this.sent.has(record.id) ? t("sent_again")
            : store.session.read_only ? nothing : html`<button type="button" class="slim" @click=${() => this.#redrive(record)}>${t("send_again")}</button>`}</td></tr>`)}</tbody></table></div>`}
      ${this.data ? html`<div class="row">${toFirst(query)}${more(this.data.next, query, t("older_lines"))}</div>` : nothing}`}</div>`;
  }
}
customElements.define("p-set-aside", SetAside);
