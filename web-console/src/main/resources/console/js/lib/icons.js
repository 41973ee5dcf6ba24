import { html, svg } from "lit";

const PATHS = {
  check: svg`<path d="m3 8.500 3.250 3.250L13 5"/>`,
  cross: svg`<path d="m4 4 8 8m0-8-8 8"/>`,
  clock: svg`<circle cx="8" cy="8" r="6"/><path d="M8 4.500V8l2.500 1.500"/>`,
  key: svg`<circle cx="5" cy="11" r="2.750"/><path d="m7 9 6-6m-2 2 2 2"/>`,
  ring: svg`<circle cx="8" cy="8" r="5.500"/>`,
  bar: svg`<circle cx="8" cy="8" r="6"/><path d="M5 8h6"/>`,
  dots: svg`<g fill="currentColor" stroke="none"><circle cx="3" cy="8" r="1.750"/><circle cx="8" cy="8" r="1.750"/><circle cx="13" cy="8" r="1.750"/></g>`,
  warning: svg`<path d="M8 2 1.500 13.500h13Z"/><path d="M8 6.500v3m0 1.900v.1"/>`,
  back: svg`<path d="M10 3 5 8l5 5"/>`,
  down: svg`<path d="m4 6 4 4 4-4"/>`,
  pause: svg`<path d="M5.500 3.500v9m5-9v9"/>`,
  play: svg`<path d="m5 3.500 7 4.500-7 4.500Z"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  eye: svg`<path d="M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8Z"/><circle cx="8" cy="8" r="2"/>`,
  copy: svg`<path d="M5.500 5.500V3h7.500v7.500h-2.500M3 5.500h7.500V13H3Z"/>`,
  laptop: svg`<path d="M3 3.500h10v7H3ZM1.500 13h13"/>`,
  phone: svg`<path d="M5 2h6v12H5Zm2.500 9.500h1"/>`,
  shield: svg`<path d="m8 1.750 5 1.750v4.250c0 3-2 5.250-5 6.500-3-1.250-5-3.500-5-6.500V3.500Z"/>`,
  out: svg`<path d="M6 3H3v10h3m4-8 3 3-3 3m3-3H6.500"/>`,
  sun: svg`<circle cx="8" cy="8" r="3"/><path d="M8 1.500V3m0 10v1.500M1.500 8H3m10 0h1.500M3.400 3.400l1.050 1.050m7.100 7.100 1.050 1.050m0-9.200-1.050 1.050m-7.100 7.100L3.400 12.600"/>`,
  perch: svg`<path d="M2 13h12M4 13c0-5 3-8 8-9-1 5-3 8-8 9Z"/>`,
};

/** An icon next to a word. Screen readers ignore it. */
export const icon = (name) => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${PATHS[name]}</svg>`;

export const bird = () => html`<svg class="bird" viewBox="0 0 64 64" aria-hidden="true"><path fill-rule="evenodd" d="M44 8c-7.700 0-14 6-14 13.500 0 2.200-.8 4-2.500 5.600L6 47h21c14 0 25-9.600 31-25l-1.900-.4C55 13.800 50.500 8 44 8Zm2 9a3.200 3.200 0 1 1 0 6.400A3.200 3.200 0 0 1 46 17Z"/><path d="M57.500 18.500 64 21l-6.600 2.600ZM4 52h56a2.500 2.500 0 0 1 0 5H4a2.500 2.500 0 0 1 0-5Z"/></svg>`;

const STATES = {
  pending: "ring",
  running: "dots",
  retrying: "clock",
  challenge_required: "key",
  success: "check",
  failure: "cross",
  cancelled: "bar",
};

export const stateIcon = (status) => icon(STATES[status] ?? "ring");
