import { html, svg } from "lit";
import { exact } from "../lib/format.js";
import { t } from "../lib/i18n.js";

const WIDTH = 720;
const HEIGHT = 80;

/** A chart of the failures in each interval, and the same data as a table for users who cannot see the chart. */
export function bars(buckets) {
  const failed = buckets.map(({ by_status }) => by_status.failure ?? 0);
  const highest = Math.max(1, ...failed);
  const step = WIDTH / Math.max(1, buckets.length);
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
      ${failed.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(3, (count / highest) * HEIGHT);
        return svg`<rect class=${count === 0 ? "rest" : ""} x=${index * step} y=${HEIGHT - height} width=${Math.max(1, step - 2)} height=${height}><title>${exact(buckets[index].at)}: ${count}</title></rect>`;
      })}</svg>
    <details><summary class="small">${t("as_table")}</summary><table class="table"><thead><tr><th>${t("from")}</th><th>${t("status.failure")}</th></tr></thead>
      <tbody>${buckets.map(({ at }, index) => html`<tr><td>${exact(at)}</td><td>${failed[index]}</td></tr>`)}</tbody></table></details>`;
}
