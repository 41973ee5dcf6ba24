import { html, nothing } from "lit";
import { Page, queryOf } from "../lib/page.js";
import { call, capabilities } from "../lib/api.js";
import { state, time } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { router } from "../lib/router.js";
import { confirmed } from "../parts/confirm.js";
import { back, empty, more, skeleton, toFirst } from "../parts/list.js";
import { logInAgain } from "../parts/tasks.js";
import "../parts/time.js";

class Accounts extends Page {
  static properties = { busy: { state: true }, refused: { state: true }, filters: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    capabilities().then((api) => { this.filters = api.takes("/tasks", "account"); });
  }

  async load() {
    await this.read(this.route.params.id
      ? `/api/twitter-accounts/${this.route.params.id}`
      : `/api/twitter-accounts?${queryOf(this.route.query, [])}`);
  }

  async #do(account, action) {
    if (this.busy) return;
    this.busy = account.twitter_account_id;
    this.refused = undefined;
    try {
      await action();
    } catch (problem) {
      this.refused = { id: account.twitter_account_id, problem };
    }
    this.busy = undefined;
  }

  #again(account) {
    return this.#do(account, async () => router.go(`/logins/${await logInAgain(account.twitter_account_id)}`));
  }

  async #remove(account) {
    const sure = await confirmed({
      heading: t("delete_question", { account: account.username }),
      body: html`<p>${t("delete_text")}</p><p>${t("no_undo")}</p>`,
      word: account.username,
      action: t("delete_account"),
    });
    if (!sure) return;
    await this.#do(account, async () => {
      await call("DELETE", `/api/twitter-accounts/${account.twitter_account_id}`);
      if (this.route.params.id) router.go("/accounts", { replace: true });
      else await this.load();
    });
  }

  render() {
    const items = this.data && (this.data.items ?? [this.data]);
    const { query } = this.route;
    return html`<div class="stack-large">
      ${this.route.params.id ? html`${back("/accounts", t("back_to_accounts"))}` : nothing}
      <div class="title"><h1 tabindex="-1">${this.route.params.id ? this.data?.username ?? t("account") : t("accounts")}</h1>
        <a class="button end" href="/logins/new">${t("new_login")}</a></div>
      <p-problem .problem=${this.problem} again @retry=${() => this.load()}></p-problem>
      ${!items ? this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`
        : items.length === 0 ? html`<div class="card">${empty(t("no_accounts"), t("no_accounts_text"),
            html`<a class="button primary" href="/logins/new">${t("new_login")}</a>`)}</div>`
        : html`<div class="card tight"><table class="table"><caption class="visually-hidden">${t("accounts")}</caption>
          <thead><tr>${["account", "phone", "last_login", "last_result"].map((name) => html`<th scope="col">${t(name)}</th>`)}
            <th><span class="visually-hidden">${t("actions")}</span></th></tr></thead>
          <tbody>${items.map((account) => this.#row(account))}</tbody></table></div>`}
      ${this.data?.items ? html`<div class="row">${toFirst(query)}${more(this.data.next, query, t("more_accounts"))}</div>` : nothing}</div>`;
  }

  #row(account) {
    const id = account.twitter_account_id;
    const busy = this.busy === id ? "true" : "false";
    return html`<tr><td class="name"><a href="/accounts/${id}">${account.username}</a>
        ${account.email ? html`<div class="quiet small">${account.email}</div>` : nothing}</td>
      <td class="nowrap" data-label=${t("phone")}>${account.phone_number ?? "–"}</td>
      <td data-label=${t("last_login")}>${account.last_login_at ? time(account.last_login_at) : t("never")}</td>
      <td>${account.last_status ? state(account.last_status) : nothing}</td>
      <td class="actions"><button type="button" class="slim" aria-disabled=${busy} @click=${() => this.#again(account)}>${t("log_in_again")}</button>
        ${this.filters ? html`<a class="button slim" href="/logins?account=${account.username}">${t("logins")}</a>` : nothing}
        <button type="button" class="slim danger" aria-disabled=${busy} @click=${() => this.#remove(account)}>${t("delete")}</button>
        ${this.refused?.id === id ? html`<p-problem .problem=${this.refused.problem}></p-problem>` : nothing}</td></tr>`;
  }
}
customElements.define("p-accounts", Accounts);
customElements.define("p-account", class extends Accounts {});
