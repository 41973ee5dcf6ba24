// Serves this folder, and nothing outside of it; any server for files will do.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const FILES = {
  "/": ["index.html", "text/html"],
  "/callback": ["index.html", "text/html"],
  "/app.js": ["app.js", "text/javascript"],
  "/oauth4webapi.js": ["node_modules/oauth4webapi/build/index.js", "text/javascript"],
};
const KEYCLOAK = process.env.KEYCLOAK_URL ?? "http://localhost:8080";
const API = process.env.API_URL ?? "http://localhost:8000";
const PORT = Number(process.env.PORT ?? 5173);

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/settings.json") {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ issuer: `${KEYCLOAK}/realms/perch`, api: API }));
    return;
  }
  const [file, type] = FILES[pathname] ?? [];
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Security-Policy":
      `default-src 'none'; script-src 'self'; connect-src 'self' ${KEYCLOAK} ${API}; base-uri 'none'; frame-ancestors 'none'`,
    "Referrer-Policy": "no-referrer",
  });
  response.end(await readFile(fileURLToPath(new URL(file, import.meta.url))));
}).listen(PORT, "127.0.0.1", () => console.log(`http://localhost:${PORT}`));
