import { html, nothing } from "lit";
import { clock, exact, knowsDetail } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { stateIcon } from "../lib/icons.js";

/** The history of a login, oldest first: each step, its duration, and the next attempt. */
export function timeline(task) {
  const steps = task.history ?? [];
  return html`<ol class="timeline">${steps.map((step, index) => html`<li>
      <span class="mark state ${step.status}">${stateIcon(step.status)}</span>
      <time datetime=${step.at} title=${exact(step.at)}>${clock(step.at)}</time>
      <div><strong>${t(`step_status.${step.status}`)}</strong>
        ${step.attempt > 0 ? html` <span class="quiet small">${t("attempt", { number: step.attempt })}</span>` : nothing}
        ${step.detail ? html`<div>${knowsDetail(step.detail)}</div>` : nothing}</div>
      ${gap(step, steps[index + 1])}</li>`)}
    ${task.status === "retrying" && task.next_attempt_at ? html`<li class="next"><span class="mark">${stateIcon("pending")}</span>
      <time datetime=${task.next_attempt_at}>${clock(task.next_attempt_at)}</time>
      <div>${t("next_attempt", { number: task.attempts + 1 })} <p-countdown .until=${task.next_attempt_at}></p-countdown></div></li>` : nothing}
  </ol>`;
}

function gap(step, next) {
  if (!next) return nothing;
  const milliseconds = Date.parse(next.at) - Date.parse(step.at);
  if (milliseconds < 50) return nothing;
  const seconds = milliseconds / 1000;
  const text = seconds < 60 ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return html`<span class="gap">+${text}</span>`;
}
