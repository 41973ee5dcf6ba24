import { html, nothing } from "lit";
import { exact, state, time } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { timeline } from "./timeline.js";
import "./time.js";

/** The facts and the history of one login, for its owner and for moderators. */
export const story = (task, owner) => html`<section class="card stack" aria-labelledby="facts"><h2 id="facts" class="visually-hidden">${t("facts")}</h2>
    <dl class="facts"><dt>${t("state")}</dt><dd>${state(task.status)}</dd>
      ${owner ? html`<dt>${t("user")}</dt><dd>${owner}</dd>` : nothing}
      <dt>${t("attempts")}</dt><dd>${task.max_attempts ? t("of", { count: task.attempts, limit: task.max_attempts }) : task.attempts}</dd>
      <dt>${t("created")}</dt><dd title=${exact(task.created_at)}>${time(task.created_at)}</dd>
      <dt>${t("id")}</dt><dd><p-copy text=${task.task_id}></p-copy></dd></dl></section>
  <section class="card stack" aria-labelledby="story"><h2 id="story">${t("story")}</h2>${timeline(task)}</section>`;
