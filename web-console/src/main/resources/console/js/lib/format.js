import { html, nothing } from "lit";
import { knows, locale, t } from "./i18n.js";
import { store } from "./store.js";
import { stateIcon } from "./icons.js";

export const FINAL = ["success", "failure", "cancelled"];
export const STATUSES = ["pending", "running", "challenge_required", "retrying", ...FINAL];
export const ERROR_CODES = [
  "wrong_credentials",
  "suspended",
  "unavailable",
  "rate_limited",
  "challenge_failed",
  "challenge_expired",
  "abandoned",
  "account_deleted",
  "credentials_unreadable",
];

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

/** How long ago a time was, as text. A time in the future is shown as now, because the clock may be wrong. */
export function ago(time) {
  const seconds = Math.max(0, (store.now() - Date.parse(time)) / 1000);
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" });
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? [];
  return unit ? format.format(-Math.floor(seconds / size), unit) : t("just_now");
}

export const exact = (time) =>
  new Date(time).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium" });

export const clock = (time) => new Date(time).toLocaleTimeString(locale());

export const dayAndClock = (time) =>
  new Date(time).toLocaleString(locale(), { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** A relative time. The exact time is shown on hover. */
export const time = (at) =>
  at ? html`<p-time .at=${at}></p-time>` : nothing;

/** The remaining minutes and seconds. */
export function remaining(until) {
  const seconds = Math.max(0, Math.round((Date.parse(until) - store.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A state as an icon and a word. */
export const state = (status) =>
  html`<span class="state ${status}">${stateIcon(status)}<span>${t(`status.${status}`)}</span></span>`;

/** Why a login failed, translated if there is a text for the reason. */
export const reason = (error) => (knows(`error.${error.code}`) ? t(`error.${error.code}`) : error.message);

/** A server's message about a field, translated if there is a text for it. */
export const fieldError = (detail) => (knows(`field.${detail}`) ? t(`field.${detail}`) : detail);

/** The text for a problem. */
export function problemText(problem) {
  const key = `problem.${problem.type || (problem.status === 0 ? "offline" : problem.status)}`;
  return knows(key) ? t(key) : problem.body?.detail ?? problem.message;
}

/** The detail of a step in the history, translated if there is a text for it. */
export const knowsDetail = (detail) =>
  knows(`error.${detail}`) ? t(`error.${detail}`) : knows(`detail.${detail}`) ? t(`detail.${detail}`) : detail;
