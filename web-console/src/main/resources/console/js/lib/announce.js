/** Announces texts to screen readers: at most one in three seconds, and only the newest. */
const PAUSE = 3000;
let element;
let waiting;
let last = 0;

export function announcer(node) {
  element = node;
}

export function announce(text) {
  waiting = text;
  const wait = Math.max(0, last + PAUSE - Date.now());
  setTimeout(() => {
    if (waiting === undefined || !element) return;
    element.textContent = waiting;
    waiting = undefined;
    last = Date.now();
  }, wait);
}
