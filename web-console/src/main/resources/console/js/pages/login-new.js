import { html, nothing } from "lit";
import { Page } from "../lib/page.js";
import { call, left } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { router } from "../lib/router.js";
import { store } from "../lib/store.js";
import { SIMULATED } from "../parts/tasks.js";
import { errorsByField } from "../parts/field.js";
import { back } from "../parts/list.js";
import "../parts/field.js";

class LoginNew extends Page {
  static properties = { busy: { state: true }, quota: { state: true }, wait: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    // The key stays the same until the form changes. So a repeated request starts no second login
    this.key = crypto.randomUUID();
  }

  async #submit(event) {
    event.preventDefault();
    if (this.busy || this.wait) return;
    this.busy = true;
    this.problem = undefined;
    const body = {};
    for (const [name, value] of new FormData(event.target)) if (value !== "" || name !== "email") body[name] = value;
    try {
      const { data, headers } = await call("POST", "/api/twitter-login", { body, headers: { "Idempotency-Key": this.key } });
      store.quota = left(headers);
      router.go(`/logins/${data.task_id}`);
    } catch (problem) {
      if (problem.status === 422) this.key = crypto.randomUUID();
      if (problem.status === 429) this.#countDown(problem.retryAfter ?? 10);
      this.problem = problem;
    }
    this.busy = false;
  }

  #countDown(seconds) {
    this.wait = seconds;
    const timer = setInterval(() => {
      this.wait -= 1;
      if (this.wait <= 0 || !this.isConnected) clearInterval(timer);
    }, 1000);
  }

  #changed() {
    this.key = crypto.randomUUID();
  }

  render() {
    const errors = errorsByField(this.problem);
    const labels = {
      username: t("x_username"),
      password: t("password"),
      phone_number: t("phone"),
      email: t("email"),
    };
    const quota = store.quota;
    return html`<div class="stack-large">${back("/logins", t("back_to_logins"))}
      <h1 tabindex="-1">${t("new_login")}</h1>
      <p-problem .problem=${this.problem} .labels=${labels}></p-problem>
      <form class="card stack" novalidate @submit=${this.#submit} @input=${this.#changed}>
        <p-field name="username" .label=${labels.username} .value=${this.route.query.get("username") ?? ""} maxlength="64"
          .hint=${t("username_hint")} .error=${errors.username} required></p-field>
        <p-field name="password" type="password" .label=${labels.password} autocomplete="off" maxlength="256" .error=${errors.password} required></p-field>
        <p-field name="phone_number" .label=${labels.phone_number} inputmode="tel" maxlength="32" .hint=${t("phone_hint")} .error=${errors.phone_number} required></p-field>
        <p-field name="email" .label=${t("email_optional")} inputmode="email" maxlength="320" .error=${errors.email}></p-field>
        <div class="row"><button class="primary" aria-disabled=${this.busy || this.wait > 0 ? "true" : "false"}>
          ${this.wait > 0 ? t("wait", { count: this.wait }) : this.busy ? t("sending") : t("log_in")}</button>
          ${quota ? html`<span class="quiet small">${t("quota", quota)}</span>` : nothing}</div>
      </form>
      <p class="chips"><span class="quiet small">${t("simulated")}</span>${SIMULATED.map((name) => html`<button type="button" class="chip mono"
        @click=${() => this.#take(name)}>${name}</button>`)}</p></div>`;
  }

  #take(name) {
    const input = this.querySelector("#field-username");
    input.value = name;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    this.querySelector("#field-password").focus();
  }
}
customElements.define("p-login-new", LoginNew);
