/** Pages by path. A page is a module that defines the element with its name. {id} in the path becomes a parameter. */
const ROUTES = [
  ["/", "welcome"],
  ["/logins", "logins", "user"],
  ["/logins/new", "login-new", "user"],
  ["/logins/{id}", "login", "user"],
  ["/accounts", "accounts", "user"],
  ["/accounts/{id}", "account", "user"],
  ["/me", "me", "user"],
  ["/me/devices", "devices", "user"],
  ["/moderation", "moderation", "moderator"],
  ["/moderation/{id}", "moderated", "moderator"],
  ["/admin/users", "users", "admin"],
  ["/admin/users/{id}", "user", "admin"],
  ["/admin/audit", "audit", "admin"],
  ["/signed-in", "signed-in"],
].map(([path, page, role]) => ({
  page,
  role,
  pattern: new RegExp(`^${path.replace("{id}", "(?<id>[^/]+)")}/?$`),
}));

class Router extends EventTarget {
  route = { page: "missing", params: {} };

  start() {
    addEventListener("popstate", () => this.#navigate(false));
    document.addEventListener("click", (event) => this.#click(event));
    this.#navigate(false);
  }

  /** Opens a page of the console. */
  go(url, { replace = false } = {}) {
    if (url === location.pathname + location.search) return;
    history[replace ? "replaceState" : "pushState"](null, "", url);
    this.#navigate(!replace);
  }

  /** Changes one filter in the page's URL, and goes back to the first page of the list. */
  filter(changes) {
    const query = new URLSearchParams(location.search);
    query.delete("after");
    for (const [name, value] of Object.entries(changes)) {
      query.delete(name);
      for (const one of [value].flat()) if (one) query.append(name, one);
    }
    const text = query.toString();
    this.go(location.pathname + (text ? `?${text}` : ""), { replace: true });
  }

  #navigate(toTop) {
    const before = this.route.path;
    const path = location.pathname;
    const found = ROUTES.map((route) => ({ ...route, match: route.pattern.exec(path) })).find((route) => route.match);
    this.route = {
      page: found?.page ?? "missing",
      role: found?.role,
      params: found?.match.groups ?? {},
      query: new URLSearchParams(location.search),
      path,
      moved: before !== undefined && before !== path,
    };
    if (toTop) scrollTo(0, 0);
    this.dispatchEvent(new Event("route"));
  }

  #click(event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (!ROUTES.some((route) => route.pattern.test(link.pathname)) || link.hash) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();

/** The address of a list with one changed filter. */
export function withFilter(query, name, value) {
  const changed = new URLSearchParams(query);
  changed.delete("after");
  if (value === undefined) changed.delete(name);
  else changed.set(name, value);
  const text = changed.toString();
  return text ? `?${text}` : location.pathname;
}
