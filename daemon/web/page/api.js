// The API of this server, below the page's own address, so that a proxy may put a prefix before it.
import { language } from "./words.js";

async function answer(response) {
  const body = await response.text();
  const kind = response.headers.get("Content-Type") ?? "";
  const data = kind.startsWith("application/json") ? JSON.parse(body) : { error: body.trim() };
  if (!response.ok) throw new Error(data.error ?? `HTTP ${response.status}`);
  return data;
}

export async function get(path, query = {}) {
  const parameters = new URLSearchParams({ lang: language() });
  for (const [key, value] of Object.entries(query)) if (value) parameters.set(key, value);
  return answer(await fetch(`api/v1/${path}?${parameters}`, { cache: "no-store" }));
}

export async function explain(text) {
  return answer(await fetch(`api/v1/explain?lang=${language()}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }) }));
}
