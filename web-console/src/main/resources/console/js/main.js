import { html, nothing } from "lit";
import { Connected } from "./lib/element.js";
import { Problem, call, loadSession } from "./lib/api.js";
import { chooseLanguage, languages, loadLanguage, locale, store as remember, stored, t } from "./lib/i18n.js";
import { announce, announcer } from "./lib/announce.js";
import { bird, icon } from "./lib/icons.js";
import { router } from "./lib/router.js";
import { store } from "./lib/store.js";
import { live } from "./lib/live.js";
import "./parts/problem.js";

const channel = new BroadcastChannel("perch");
const FORM = "perch.form";

/** The header and menu of every page, the sign-in state, and the dialog after the end of a session. */
class App extends Connected {
  static events = ["session", "ended", "tasks", "codes"];
  static properties = { page: { state: true }, menu: { state: true }, failed: { state: true } };

  firstUpdated() {
    announcer(this.querySelector("#announcer"));
  }

  connectedCallback() {
    super.connectedCallback();
    router.addEventListener("route", () => this.#navigate());
    store.addEventListener("tasks", ({ detail }) => this.#announceTask(detail));
    store.addEventListener("ended", () => this.#sessionEnded());
    channel.addEventListener("message", ({ data }) => this.#onMessage(data));
    addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("click", (event) => {
      if (this.menu && !event.composedPath().some((node) => node.classList?.contains("menu"))) this.menu = false;
    });
    // A page from the browser's back-forward cache may show data of a user who has signed out
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    router.start();
  }

  async #navigate() {
    const { route } = router;
    this.menu = false;
    if (store.session.signed_in && route.page === "welcome") return router.go("/logins", { replace: true });
    if (!store.session.signed_in && route.role) {
      location.replace(`/signin?to=${encodeURIComponent(location.pathname + location.search)}&lang=${locale()}`);
      return;
    }
    if (route.role && !store.has(route.role)) {
      this.page = { element: "forbidden", route };
      return;
    }
    try {
      await import(`./pages/${route.page}.js`);
    } catch (error) {
      this.#importFailed(error);
      return;
    }
    if (router.route !== route) return;
    this.page = { element: `p-${route.page}`, route };
    await this.updateComplete;
    if (route.moved) this.querySelector("main h1")?.focus();
    else this.#restoreForm();
  }

  /** After an update the files of the old version are missing. The shell is then loaded again, but only once. */
  #importFailed(error) {
    const key = "perch.reloaded";
    if (Date.now() - Number(sessionStorage.getItem(key) ?? 0) > 30_000) {
      sessionStorage.setItem(key, String(Date.now()));
      location.reload();
    } else {
      this.failed = true;
      throw error;
    }
  }

  #announceTask({ task, before }) {
    if (!before || before.status === task.status) return;
    if (["challenge_required", "success", "failure"].includes(task.status)) {
      announce(t("announce", { account: task.username, status: t(`status.${task.status}`) }));
    }
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || stored("keys") === "off") return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      const first = this.querySelector(".filters input, .filters select");
      if (first) {
        event.preventDefault();
        first.focus();
      }
    } else if (event.key === "n" && store.has("user")) {
      event.preventDefault();
      router.go("/logins/new");
    } else if (event.key === "p" && this.querySelector("p-live")) {
      store.live === "paused" ? live.resume() : live.pause();
    }
  }

  #sessionEnded() {
    live.pause();
    this.updateComplete.then(() => this.querySelector("#ended")?.showModal());
  }

  #signInAgain() {
    const opened = open(`/signin?to=/signed-in&lang=${locale()}`, "perch-sign-in", "popup,width=480,height=720");
    if (opened) return;
    this.#keepForm();
    location.assign(`/signin?to=${encodeURIComponent(location.pathname + location.search)}&lang=${locale()}`);
  }

  /**
   * If the browser blocks the second window, this page itself goes to the sign-in. The input is kept in this tab, but
   * not passwords.
   */
  #keepForm() {
    const values = [...this.querySelectorAll("main input[id]")]
      .filter((input) => !input.closest("p-field")?.type?.includes("password"))
      .map((input) => [input.id, input.value]);
    sessionStorage.setItem(FORM, JSON.stringify({ path: location.pathname, user: store.user.id, values }));
  }

  async #restoreForm() {
    const kept = JSON.parse(sessionStorage.getItem(FORM) ?? "null");
    if (kept?.path !== location.pathname) return;
    sessionStorage.removeItem(FORM);
    if (kept.user !== store.user?.id) return;
    await this.current?.updateComplete;
    for (const [id, value] of kept.values) {
      const input = document.getElementById(id);
      if (!input) continue;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  async #onMessage(message) {
    if (message === "signed-out") {
      location.assign("/");
    } else if (message === "signed-in" && store.ended) {
      const before = store.user.id;
      const session = await loadSession();
      if (session.user?.id !== before) {
        location.reload();
        return;
      }
      this.querySelector("#ended")?.close();
      live.resume();
    }
  }

  async #signOut() {
    let location_ = "/";
    try {
      location_ = (await call("POST", "/logout")).data.location;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
    }
    channel.postMessage("signed-out");
    location.assign(location_);
  }

  #theme(value) {
    remember("theme", value);
    applyTheme();
    this.requestUpdate();
  }

  render() {
    if (!this.page) return this.failed ? html`<main><p>${t("problem.offline")}</p></main>` : nothing;
    const { session } = store;
    const { path } = this.page.route;
    const link = (href, text, at = path.startsWith(href)) =>
      html`<a href=${href} aria-current=${at ? "page" : nothing}>${text}</a>`;
    return html`<a class="skip" href="#main" @click=${this.#skip}>${t("skip")}</a>
      <header class="bar"><div>
        <a class="brand" href=${session.signed_in ? "/logins" : "/"}>${bird()} Perch</a>
        ${session.signed_in ? html`<nav aria-label=${t("main_menu")}>
          ${link("/logins", t("logins"))} ${link("/accounts", t("accounts"))}
          ${store.has("moderator") ? link("/moderation", t("moderation")) : nothing}
          ${store.has("admin") ? html`${link("/admin/users", t("users"))} ${link("/admin/audit", t("audit"))}` : nothing}
        </nav>` : nothing}
        <div class="tools">${this.#menu()}</div></div></header>
      ${session.read_only && path.startsWith("/moderation")
        ? html`<div class="bar"><div>${icon("shield")} ${t("read_only")}</div></div>` : nothing}
      <main id="main" tabindex="-1">${this.#body()}</main>
      <div id="announcer" class="visually-hidden" aria-live="polite"></div>
      ${store.ended ? this.#ended() : nothing}`;
  }

  #body() {
    const { element, route } = this.page;
    if (element === "forbidden") {
      return html`<div class="card stack"><h1 tabindex="-1">${t("no_access")}</h1><p>${t("needs_role", { role: t(`role.${route.role}`) })}</p>
        <p><a href="/logins">${t("logins")}</a></p></div>`;
    }
    if (this.current?.localName !== element) this.current = document.createElement(element);
    Object.assign(this.current, { route });
    return this.current;
  }

  updated() {
    if (!this.page) return;
    const codes = [...store.tasks.values()].filter((task) => task.challenge).length;
    const { page } = this.page.route;
    document.title = `${codes > 0 ? `(${codes}) ` : ""}${t(`title.${page}`)} · Perch`;
  }

  #skip(event) {
    event.preventDefault();
    this.querySelector("main").focus();
  }

  #menu() {
    const { session } = store;
    const theme = stored("theme") ?? "";
    return html`<div class="menu">
      <button type="button" class="quiet-button" aria-expanded=${this.menu ? "true" : "false"} aria-controls="menu"
        @click=${() => { this.menu = !this.menu; }} @keydown=${this.#escape}>${session.signed_in ? session.user.username : t("options")}
        ${icon("down")}</button>
      <div class="popover" id="menu" ?hidden=${!this.menu} @keydown=${this.#escape}>
        ${session.signed_in ? html`<a href="/me">${icon("shield")} ${t("sign_in_page")}</a>
          <a href="/me/devices">${icon("laptop")} ${t("devices")}</a><hr>` : nothing}
        <label for="language">${t("language")}</label>
        <select id="language" @change=${(event) => chooseLanguage(event.target.value)}>
          ${languages().map(([key, name]) => html`<option value=${key} ?selected=${key === locale()}>${name}</option>`)}</select>
        <label for="theme">${t("theme")}</label>
        <select id="theme" @change=${(event) => this.#theme(event.target.value)}>
          ${["", "light", "dark"].map((key) => html`<option value=${key} ?selected=${key === theme}>${t(`theme.${key || "system"}`)}</option>`)}</select>
        <label for="keys">${t("keys")}</label>
        <select id="keys" @change=${(event) => remember("keys", event.target.value)}>
          ${["", "off"].map((key) => html`<option value=${key} ?selected=${key === (stored("keys") ?? "")}>${t(`keys.${key || "on"}`)}</option>`)}</select>
        ${session.signed_in ? html`<hr><button type="button" id="sign-out" @click=${this.#signOut}>${icon("out")} ${t("sign_out")}</button>` : nothing}
      </div></div>`;
  }

  #escape(event) {
    if (event.key !== "Escape") return;
    this.menu = false;
    this.querySelector(".menu > button").focus();
  }

  /** A dialog over the page. The input on the page is kept. */
  #ended() {
    return html`<dialog id="ended" aria-labelledby="ended-heading" @cancel=${(event) => event.preventDefault()}>
      <h2 id="ended-heading">${t("session_ended")}</h2><p>${t("session_ended_text")}</p>
      <div class="buttons"><button type="button" class="primary" @click=${this.#signInAgain}>${t("sign_in_again")}</button></div></dialog>`;
  }
}

function applyTheme() {
  const theme = stored("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

async function start() {
  applyTheme();
  let session;
  try {
    session = await loadSession();
  } catch {
    session = undefined;
  }
  await loadLanguage(session?.user?.locale);
  if (session === undefined) {
    document.querySelector("p-app").replaceChildren(document.createTextNode(t("problem.offline")));
    return;
  }
  customElements.define("p-app", App);
}

await start();
