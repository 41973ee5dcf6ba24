import { noChange } from "lit";
import { Directive, directive } from "lit/directive.js";
import { insertPart, removePart, setChildPartValue, setCommittedValue } from "lit/directive-helpers.js";

/**
 * Shows one template for each item. An item keeps its elements, and so its focus, when its place changes. This does what
 * Lit's repeat does, but repeat leaves a comment node in the page for each removed item (lit/lit#5298).
 */
class KeyedList extends Directive {
  #parts = new Map();

  render(items, key, template) {
    return items.map(template);
  }

  update(container, [items, key, template]) {
    const before = this.#parts;
    const shown = new Map(items.map((item) => [key(item), item]));
    for (const [id, part] of before) if (!shown.has(id)) remove(part);
    this.#parts = new Map();
    let next;
    for (const [id, item] of [...shown].reverse()) {
      // Moves a part only if it is not there already
      const part = insertPart(container, next, before.get(id));
      setChildPartValue(part, template(item));
      this.#parts.set(id, part);
      next = part;
    }
    setCommittedValue(container, [...this.#parts.values()].reverse());
    return noChange;
  }
}

function remove(part) {
  const end = part.endNode;
  removePart(part);
  end?.remove();
}

/** The arguments are the items, a function for the key of an item, and a function for its template. Of items with the same key one is shown. */
export const keyedList = directive(KeyedList);
