import { html, nothing } from "lit";
import { Page } from "../lib/page.js";
import { call, get } from "../lib/api.js";
import { time } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { confirmed } from "../parts/confirm.js";
import { skeleton } from "../parts/list.js";
import { meTabs } from "../parts/me-tabs.js";
import "../parts/time.js";

/** The user's sessions. */
class Devices extends Page {
  static properties = { busy: { state: true }, refused: { state: true } };

  async load() {
    await this.read("/auth/me/sessions");
  }

  async #end(sessions) {
    this.busy = true;
    this.refused = undefined;
    try {
      for (const { id } of sessions) {
        // The session may have ended in the meantime
        await call("DELETE", `/auth/me/sessions/${id}`).catch((problem) => { if (problem.status !== 404) throw problem; });
      }
      this.data = await get("/auth/me/sessions");
    } catch (problem) {
      this.refused = problem;
    }
    this.busy = false;
  }

  async #others(others) {
    const sure = await confirmed({
      heading: t("sign_out_others", { count: others.length }),
      body: html`<p>${t("sign_out_others_text")}</p>`,
      action: t("sign_out"),
    });
    if (sure) await this.#end(others);
  }

  render() {
    const sessions = [...(this.data?.sessions ?? [])].sort((a, b) => b.current - a.current || Date.parse(b.last_access) - Date.parse(a.last_access));
    const others = sessions.filter((session) => !session.current);
    return html`<div class="stack-large"><h1 tabindex="-1">${t("sign_in_page")}</h1>${meTabs("/me/devices")}
      <div class="title"><h2>${t("devices")}</h2>${others.length > 0 ? html`<button type="button" class="end"
        aria-disabled=${this.busy ? "true" : "false"} @click=${() => this.#others(others)}>${t("sign_out_others", { count: others.length })}</button>` : nothing}</div>
      <p-problem .problem=${this.problem ?? this.refused} again @retry=${() => this.load()}></p-problem>
      ${this.data ? html`<div class="card tight"><ul class="items">${sessions.map((session) => this.#row(session))}</ul></div>`
        : this.problem ? nothing : html`<div class="card tight">${skeleton()}</div>`}</div>`;
  }

  #row(session) {
    const mobile = /phone|android|ios/i.test(`${session.device} ${session.os}`);
    const browser = session.browser && !/^(Other|Unknown)/i.test(session.browser) ? session.browser.replace(/\/.*/, "") : t("program");
    const os = session.os && !/^(Other|Unknown)/i.test(session.os) ? session.os : undefined;
    return html`<li>${icon(mobile ? "phone" : "laptop")}<span class="grow"><strong>${os ? t("browser_on", { browser, os }) : browser}</strong><br>
      <span class="quiet small">${session.ip ?? ""} · ${t("signed_in_since")} ${time(session.started)} · ${t("last_used")} ${time(session.last_access)}</span></span>
      ${session.current ? html`<span class="state success">${icon("check")} ${t("this_device")}</span>`
        : html`<button type="button" class="slim" aria-disabled=${this.busy ? "true" : "false"}
            @click=${() => this.#end([session])}>${t("sign_out")}</button>`}</li>`;
  }
}
customElements.define("p-devices", Devices);
