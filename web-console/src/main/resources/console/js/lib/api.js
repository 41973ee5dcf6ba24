import { store } from "./store.js";

/** A problem (RFC 9457). Status 0 means that there was no response. */
export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(body.detail ?? body.title ?? String(status));
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }

  get type() {
    return (this.body.type ?? "").replace("urn:perch:problem:", "");
  }

  /** The invalid fields, with name and reason. */
  get errors() {
    return (this.body.errors ?? []).map((error) => ({
      field: (error.pointer ?? "").replace(/^#\//, "").replace(/^\?/, ""),
      detail: error.detail,
    }));
  }
}

const RETRIED_STATUSES = [502, 503, 504];

/**
 * Calls the backend. If the server is unavailable, a read is repeated once.
 *
 * @returns {Promise<{status: number, data: any, headers: Headers}>}
 * @throws {Problem}
 */
export async function call(method, path, { body, headers = {}, signal } = {}) {
  try {
    return await once(method, path, body, headers, signal);
  } catch (problem) {
    const again = method === "GET" && problem instanceof Problem
      && (problem.status === 0 || RETRIED_STATUSES.includes(problem.status));
    if (!again) throw problem;
    await new Promise((resolve) => setTimeout(resolve, 800));
    return once(method, path, body, headers, signal);
  }
}

async function once(method, path, body, headers, signal) {
  const request = { method, headers: { Accept: "application/json", ...headers }, signal, cache: "no-store" };
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  if (method !== "GET" && store.session.csrf) request.headers["X-CSRF-TOKEN"] = store.session.csrf;
  let response;
  try {
    response = await fetch(path, request);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { type: "offline" });
  }
  setClock(response);
  const text = await response.text();
  const data = parse(text);
  if (response.ok) return { status: response.status, data, headers: response.headers };
  const problem = new Problem(response.status, data ?? {}, seconds(response.headers.get("Retry-After")));
  if (problem.status === 401 && (problem.type === "session-ended" || problem.type === "unauthorized")) store.end();
  throw problem;
}

export const get = async (path, options) => (await call("GET", path, options)).data;

export async function loadSession() {
  const session = await get("/bff/me");
  store.setSession(session);
  return session;
}

/** How many calls of a rate limit are left (draft-ietf-httpapi-ratelimit-headers), or undefined. */
export function left(headers) {
  const policy = /;q=(\d+)(?:.*?;w=(\d+))?/.exec(headers.get("RateLimit-Policy") ?? "");
  const rest = /;r=(\d+)/.exec(headers.get("RateLimit") ?? "");
  return policy && rest ? { left: Number(rest[1]), limit: Number(policy[1]) } : undefined;
}

let description;

/**
 * The features of the API, from its OpenAPI description. It is read once. If it cannot be read it is empty, and the next
 * page reads it again.
 */
export function capabilities() {
  description ??= get("/api/openapi.json").catch(() => {
    description = undefined;
    return {};
  });
  return description.then((document) => ({
    has: (method, path) => Boolean(document.paths?.[path]?.[method.toLowerCase()]),
    takes: (path, name) => (document.paths?.[path]?.get?.parameters ?? []).some((parameter) => parameter.name === name),
  }));
}

export function setClock(response) {
  const date = Date.parse(response.headers.get("Date") ?? "");
  // The header has whole seconds, so smaller differences are ignored
  if (!Number.isNaN(date) && Math.abs(date - Date.now()) > 2000) store.clockDifference = date - Date.now();
}

function parse(text) {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function seconds(header) {
  const value = Number(header);
  return header !== null && Number.isFinite(value) ? value : undefined;
}
