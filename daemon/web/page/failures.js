// What is kept of single failures: the search, and the replies that no rule knows.
import { get } from "./api.js";
import { byId, empty, make, number, show, table, time } from "./dom.js";
import { allCauses, causeWords, outcomeWord, providerWords, t } from "./words.js";

const LIMIT = 50;
let asked = {};     // the filter in force
let rows = [];
let before = null;  // where older ones begin
let extended = false;

const code = (row) => [row.code, row.enhanced_code].filter(Boolean).join(" ");

function showRows() {
  show("failures-body", rows, () => rows.length ? table("Recent failures", [
    { title: "Time", kind: () => "time", cell: (row) => time(row.time) },
    { title: "Outcome", kind: (row) => (row.outcome === "deferred" ? "warn" : "bad"), cell: (row) => outcomeWord(row.outcome) },
    { title: "Cause", cell: (row) => causeWords(row.cause ?? "") },
    { title: "Recipient", cell: (row) => row.recipient || row.recipient_domain || "–" },
    { title: "Provider", cell: (row) => (row.provider ? providerWords(row.provider) : "–") },
    { title: "Queue id", cell: (row) => make("code", {}, row.queue_id ?? "–") },
    { title: "Code", cell: (row) => code(row) || "–" },
    { title: "Reply", cell: (row) => row.reply ?? "" },
  ], rows) : empty("Nothing found."));
  byId("older").hidden = before === null;
}

async function load(more) {
  const page = await get("failures", { ...asked, limit: LIMIT, before: more ? before : "" });
  rows = more ? [...rows, ...page.failures] : page.failures;
  before = page.before ?? null;
  showRows();
}

function tellFault(error) {
  byId("failures-body").replaceChildren(make("p", { class: "error" }, error.message));
}

export async function refreshFailures() {
  if (extended) return;  // somebody reads older ones
  await load(false);
}

export function startSearch(period) {
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    extended = false;
    asked = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, value.trim()]));
    asked.period = period();
    load(false).catch(tellFault);
  });
  byId("older").addEventListener("click", () => {
    extended = true;
    load(true).catch(tellFault);
  });
}

export function nameCauses() {
  byId("cause-names").replaceChildren(...allCauses().map((one) => make("option", { value: one.cause }, one.words ?? "")));
}

function copyButton(text) {
  const button = make("button", { type: "button" }, t("Copy"));
  button.addEventListener("click", async (event) => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = t("Copied");
    } catch {  // only in a page of https or of this machine; then it is marked, for the hand
      getSelection().selectAllChildren(event.target.nextElementSibling);
    }
  });
  return button;
}

const draft = (row) => make("details", { "data-key": row.template }, make("summary", {}, t("Draft rule")),
  copyButton(row.draft_rule), make("pre", {}, row.draft_rule));

// `count`: of the replies that no rule knows. Without a history their words are not kept.
export function showUnknown(templates, count) {
  if (count && !templates.length) {
    const words = "{n} replies are known to no rule; `bouncesight report` lists them.";
    return show("unknown-body", count, () => make("p", { class: "empty" }, t(words, { n: number(count) })));
  }
  return show("unknown-body", templates, () => templates.length ? table("Unknown replies", [
    { title: "Template", cell: (row) => row.template },
    { title: "Count", number: true, cell: (row) => number(row.count) },
    { title: "Code", cell: (row) => code(row) || "–" },
    { title: "Domain", cell: (row) => row.domain ?? "–" },
    { title: "Example", cell: (row) => row.example },
    { title: "Draft rule", cell: (row) => (row.draft_rule ? draft(row) : "–") },
  ], templates) : empty("Every reply is known to a rule."));
}

export function showNoHistory() {
  const words = "History is off, so there is no search and no earlier period: set `history:` in bouncesight.yaml. All counters are here all the same.";
  byId("search").hidden = true;
  byId("older").hidden = true;
  show("failures-body", words, () => empty(words));
}
