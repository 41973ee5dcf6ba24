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

/** How long ago, in words; what a wrong clock puts into the future is now. */
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

/** A time, relative, with the exact one on hover. */
export const time = (at) =>
  at ? html`<p-time .at=${at}></p-time>` : nothing;

/** Minutes and seconds that are left. */
export function remaining(until) {
  const seconds = Math.max(0, Math.round((Date.parse(until) - store.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A state: a picture and a word. */
export const state = (status) =>
  html`<span class="state ${status}">${stateIcon(status)}<span>${t(`status.${status}`)}</span></span>`;

/** Why a login failed, in the user's language where the reason is known. */
export const reason = (error) => (knows(`error.${error.code}`) ? t(`error.${error.code}`) : error.message);

/** What a server says of a field, in the user's language where the sentence is known. */
export const fieldError = (detail) => (knows(`field.${detail}`) ? t(`field.${detail}`) : detail);

/** What happened, of a problem. */
export function problemText(problem) {
  const key = `problem.${problem.type || (problem.status === 0 ? "offline" : problem.status)}`;
  return knows(key) ? t(key) : problem.body?.detail ?? problem.message;
}

/** What a step of the history says, in words where its name is known. */
export const knowsDetail = (detail) =>
  knows(`error.${detail}`) ? t(`error.${detail}`) : knows(`detail.${detail}`) ? t(`detail.${detail}`) : detail;
