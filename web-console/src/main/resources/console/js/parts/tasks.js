import { html, nothing } from "lit";
import { call } from "../lib/api.js";
import { reason, state, time } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { store } from "../lib/store.js";

/** User names for the simulator, shown as examples. */
export const SIMULATED = ["challenge_me", "flaky_me", "wrong_me", "slow_me"];

/** Why a task is in its state, or when it continues. */
export function standing(task) {
  if (task.status === "challenge_required" && task.challenge) {
    return html`<span class="nowrap"><p-countdown .until=${task.challenge.expires_at}></p-countdown> ${t("left")}</span>`;
  }
  if (task.status === "retrying" && task.next_attempt_at) {
    const due = Date.parse(task.next_attempt_at) <= store.now();
    return html`${due ? t("due") : html`${t("again")} <p-countdown .until=${task.next_attempt_at}></p-countdown>`}${task.error ? html`: ${reason(task.error)}` : nothing}`;
  }
  return task.error && task.status === "failure" ? reason(task.error) : nothing;
}

/** One row of a list of logins. */
export const row = (task, { href, owner, actions, gone }) => html`<tr class=${gone ? "gone" : ""}>
  <td>${state(task.status)}</td>
  ${owner === undefined ? nothing : html`<td data-label=${t("user")}>${owner}</td>`}
  <td class="name"><a href=${href}>${task.username}</a></td>
  <td data-label=${t("attempts")}>${task.attempts}</td>
  <td>${standing(task)}</td>
  <td class="quiet nowrap">${time(task.created_at)}</td>
  ${actions === undefined ? nothing : html`<td class="actions">${actions}</td>`}</tr>`;

/** The newest state of a task in this browser. */
export const current = (task) => store.keep(task);

/** Logs in again with the stored account. Resolves to the id of the new task. */
export async function logInAgain(accountId) {
  return (await call("POST", `/api/twitter-accounts/${accountId}/login`)).data.task_id;
}
