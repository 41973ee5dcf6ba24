import * as oauth from "/oauth4webapi.js";

const { issuer, api } = await (await fetch("/settings.json")).json();
const client = { client_id: "perch-web" };
const authentication = oauth.None();
const redirectUri = `${location.origin}/callback`;
// Keycloak on this machine speaks plain HTTP; leave this out everywhere else
const options = new URL(issuer).hostname === "localhost" ? { [oauth.allowInsecureRequests]: true } : {};
const server = await oauth.processDiscoveryResponse(
  new URL(issuer), await oauth.discoveryRequest(new URL(issuer), options));

/** In memory only: gone with the page, and out of reach of whatever reads storage. */
let tokens;
let refreshing;

async function signIn() {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  // What the next page needs of this one, until it has come back
  sessionStorage.setItem("sign-in", JSON.stringify({ verifier, state, nonce }));
  const address = new URL(server.authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  location.assign(address);
}

async function comeBack() {
  const { verifier, state, nonce } = JSON.parse(sessionStorage.getItem("sign-in") ?? "{}");
  sessionStorage.removeItem("sign-in");
  const address = new URL(location.href);
  history.replaceState(null, "", "/");
  // Checks the state, and by "iss" that the answer is of this server (RFC 9207)
  const answer = oauth.validateAuthResponse(server, client, address, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server, client, authentication, answer, redirectUri, verifier, options);
  keep(await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true }));
}

function keep(answer) {
  tokens = { ...answer, id_token: answer.id_token ?? tokens?.id_token, until: Date.now() + answer.expires_in * 1000 };
}

/** An access token that lasts a while yet. Keycloak takes a refresh token once, so that all who ask meanwhile share one refresh. */
async function accessToken() {
  if (tokens.until - Date.now() < 30_000) {
    refreshing ??= refresh().finally(() => { refreshing = undefined; });
    await refreshing;
  }
  return tokens.access_token;
}

async function refresh() {
  const response = await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, options);
  keep(await oauth.processRefreshTokenResponse(server, client, response));
}

async function call(path, init = {}) {
  const response = await fetch(api + path, {
    ...init,
    headers: { ...init.headers, Authorization: `Bearer ${await accessToken()}` },
  });
  if (!response.ok) throw new Error((await response.json()).detail);
  return response;
}

/** Events by fetch: an EventSource sends no token. Begins again when the stream ends, as it does with its token. */
async function follow() {
  for (;;) {
    const reader = (await call("/tasks/events", { headers: { Accept: "text/event-stream" } })).body
      .pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (rest + part.value).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        const data = /^data: ?(.*)$/m.exec(event)?.[1];
        if (data) show(JSON.parse(data));
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

function show(task) {
  let line = document.getElementById(task.task_id);
  if (!line) {
    line = document.createElement("li");
    line.id = task.task_id;
    document.querySelector("#tasks").prepend(line);
  }
  line.textContent = `${task.username}: ${task.status}`;
}

function signOut() {
  const address = new URL(server.end_session_endpoint);
  address.search = new URLSearchParams({
    client_id: client.client_id,
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: `${location.origin}/`,
  });
  location.assign(address);
}

document.querySelector("#sign-in").addEventListener("click", signIn);
document.querySelector("#sign-out").addEventListener("click", signOut);
document.querySelector("#submit").addEventListener("click", () => call("/twitter-login", {
  method: "POST",
  headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
  body: JSON.stringify({ username: "perch_demo", password: "any-password", phone_number: "+14155552671" }),
}));

/** Shows the buttons only now: before, a click would do nothing. */
function ready(signedIn) {
  document.querySelector("#state").textContent = signedIn ? "Signed in" : "Not signed in";
  document.querySelector("#sign-in").hidden = signedIn;
  document.querySelector("#submit").hidden = !signedIn;
  document.querySelector("#sign-out").hidden = !signedIn;
}

if (location.pathname === "/callback") {
  await comeBack();
  ready(true);
  follow();
} else {
  ready(false);
}
