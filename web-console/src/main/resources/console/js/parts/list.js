import { html, nothing } from "lit";
import { router, withFilter } from "../lib/router.js";
import { STATUSES, clock } from "../lib/format.js";
import { Connected, Light } from "../lib/element.js";
import { live } from "../lib/live.js";
import { t } from "../lib/i18n.js";
import { bird, icon } from "../lib/icons.js";
import { store } from "../lib/store.js";

/** The filters of a list. They are stored in the URL, and the page reads them from there. */
class Filters extends Light {
  static properties = { fields: { attribute: false }, query: { attribute: false } };

  #changed(event) {
    const { name, type, value } = event.target;
    router.filter({ [name]: type === "datetime-local" && value ? new Date(value).toISOString() : value.trim() });
  }

  #one({ name, label, options, time, wide }) {
    const value = this.query.get(name) ?? "";
    const id = `filter-${name}`;
    const input = options
      ? html`<select id=${id} name=${name} .value=${value} @change=${this.#changed}>
          <option value="" ?selected=${value === ""}>${t("any")}</option>
          ${options.map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}</select>`
      : html`<input id=${id} name=${name} type=${time ? "datetime-local" : "search"} autocomplete="off" spellcheck="false"
          .value=${time ? local(value) : value} @change=${this.#changed}>`;
    return html`<div class="field ${wide || time ? "wide" : ""}"><label for=${id}>${label}</label>${input}</div>`;
  }

  render() {
    const set = this.fields.filter(({ name }) => this.query.get(name));
    return html`<form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        ${this.fields.map((field) => this.#one(field))}</form>
      ${set.length === 0 ? nothing : html`<div class="chips">${set.map((field) => html`<a class="chip"
          href=${withFilter(this.query, field.name)}>${field.label}: ${this.#shown(field)} ${icon("cross")}
          <span class="visually-hidden">${t("remove_filter")}</span></a>`)}
        <a class="small" href=${location.pathname}>${t("clear_filters")}</a></div>`}`;
  }

  #shown({ name, options, time }) {
    const value = this.query.get(name);
    if (time) return new Date(value).toLocaleString();
    return options?.find(([key]) => key === value)?.[1] ?? value;
  }
}
customElements.define("p-filters", Filters);

/** A time in the format of the input: local time without a zone. */
function local(value) {
  const time = new Date(value);
  if (!value || Number.isNaN(time.getTime())) return "";
  return new Date(time - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export const statusFilter = () => ({
  name: "status",
  label: t("status"),
  options: STATUSES.map((status) => [status, t(`status.${status}`)]),
});

/** Shows whether the data are live. */
class LiveBadge extends Connected {
  static events = ["live"];

  render() {
    const state = store.live;
    const stale = state === "stale";
    const text = stale ? t("live.stale", { time: clock(store.liveSince) }) : t(`live.${state}`);
    return html`<span class="live ${state === "on" ? "live-on" : ""} ${stale ? "stale" : ""}"><span class="dot"></span>
      <span>${text}</span></span>
      ${state === "paused" || stale
        ? html`<button type="button" class="quiet-button slim" @click=${() => live.resume()}>${icon("play")}
            ${t(stale ? "reconnect" : "resume")}</button>`
        : html`<button type="button" class="quiet-button slim" @click=${() => live.pause()}>${icon("pause")} ${t("pause")}</button>`}`;
  }
}
customElements.define("p-live", LiveBadge);

export const skeleton = () =>
  html`<div class="skeleton" role="status" aria-label=${t("loading")}>${[1, 2, 3, 4].map(() => html`<span></span>`)}</div>`;

/** The text and next action for an empty list. */
export const empty = (heading, text, next) => html`<div class="empty">${bird()}
  <p><strong>${heading}</strong></p><p class="quiet">${text}</p>${next ? html`<div class="row">${next}</div>` : nothing}</div>`;

export const more = (next, query, label) => next
  ? html`<a class="button end" href=${withAfter(query, next)}>${label}</a>`
  : nothing;

export const toFirst = (query) => query.get("after")
  ? html`<a class="small" href=${withFilter(query, "after")}>${icon("back")} ${t("newest")}</a>`
  : nothing;

function withAfter(query, next) {
  const changed = new URLSearchParams(query);
  changed.set("after", next);
  return `?${changed}`;
}

export const back = (href, label) => html`<p><a class="back" href=${href}>${icon("back")} ${label}</a></p>`;
