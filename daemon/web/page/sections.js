// The tables of the page.
import { bar, bytes, empty, make, number, percent, seconds, show, table, time } from "./dom.js";
import { adviceParts } from "./explain.js";
import { actWord, adviceOf, causeWords, outcomeWord, providerWords, t } from "./words.js";

const most = (rows, key) => Math.max(0, ...rows.map((row) => row[key]));
const code = (text) => make("code", {}, text);

export function showTiles({ totals, waiting, perMinute, rejected }) {
  show("tiles", [totals, waiting, perMinute, rejected], () => {
    const attempts = totals.delivered + totals.deferred + totals.bounced + totals.expired;
    const tile = (kind, title, value, more) => make("div", { class: kind }, make("dt", {}, title), make("dd", {}, value),
      make("dd", { class: "more" }, more || "\u00a0"));
    const part = (kind) => tile(kind, outcomeWord(kind), number(totals[kind]), percent(totals[kind], attempts));
    return [tile("attempts", t("Attempts"), number(attempts), perMinute === null ? "" : `${number(perMinute)} ${t("per minute now")}`),
      part("delivered"), part("deferred"), part("bounced"), part("expired"),
      tile("waiting", t("Waiting now"), number(waiting.recipients),
        waiting.recipients ? t("oldest {t}", { t: seconds(waiting.oldest_seconds) }) : t("nobody")),
      tile("rejected", t("Refused by us"), number(rejected), "")];
  });
}

function cause(row) {
  const advice = adviceOf(row.name);
  if (!advice) return causeWords(row.name);
  return make("details", { "data-key": row.name }, make("summary", {}, causeWords(row.name)), ...adviceParts(advice));
}

export function showCauses(report) {
  show("causes-body", [report.causes, report.failures], () => {
    if (!report.causes.length) return empty("No failures in this period.");
    const top = most(report.causes, "count");
    return table("Causes", [
      { title: "Cause", cell: cause },
      { title: "Failures", number: true, cell: (row) => bar(row.count, top) },
      { title: "Share", number: true, cell: (row) => percent(row.count, report.failures) },
      { title: "Must act", cell: (row) => actWord(row.act ?? "") },
      ...(report.causes.some((row) => row.last) ? [{ title: "Last", kind: () => "time", cell: (row) => time(row.last) }] : []),
    ], report.causes);
  });
}

const failing = (row) => (row.attempts ? row.count / row.attempts : 0);
const alarm = (row) => (failing(row) > 0.3 ? "bad" : failing(row) > 0.1 ? "warn" : "");

function showPlaces(id, name, title, rows, words) {
  show(id, rows, () => {
    if (!rows.length) return empty("No failures in this period.");
    const top = most(rows, "count");
    return table(name, [
      { title, cell: (row) => words(row.name) },
      { title: "Failures", number: true, cell: (row) => bar(row.count, top) },
      ...(rows.some((row) => row.attempts)
        ? [{ title: "Failing", number: true, kind: alarm, cell: (row) => (row.attempts ? percent(row.count, row.attempts) : "–") }] : []),
      ...(rows.some((row) => row.top_cause) ? [{ title: "Commonest cause", cell: (row) => causeWords(row.top_cause ?? "") }] : []),
    ], rows);
  });
}

export const showProviders = (report) => showPlaces("providers-body", "Providers", "Provider", report.providers, providerWords);
export const showDomains = (report) => showPlaces("domains-body", "Domains", "Domain", report.domains, (name) => name || t("none"));

export function showLists(report) {
  show("lists-body", report.blocklists, (rows) => rows.length ? table("Block lists", [
    { title: "Block list", cell: (row) => row.name },
    { title: "Address", cell: (row) => code(row.listed_ip || "–") },
    { title: "Hits", number: true, cell: (row) => number(row.count) },
    { title: "Since", kind: () => "time", cell: (row) => time(row.first) || "–" },
    { title: "Last", kind: () => "time", cell: (row) => time(row.last) || "–" },
    { title: "Delisting", cell: (row) => row.delisting
      ? make("a", { href: row.delisting, rel: "noreferrer", "aria-label": `${t("page")} (${row.name})` }, t("page")) : "–" },
  ], rows) : empty("No reply has called an address of ours listed."));
}

// Of a period the history knows failures alone; since the count began there are attempts and causes, too.
export function showSenders(senders) {
  show("senders-body", senders, (rows) => {
    if (!rows.length) return empty("None so far.");
    const count = (row) => row.failures ?? row.deferred + row.bounced + row.expired;
    const first = (row) => Object.entries(row.causes).sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
    const top = Math.max(0, ...rows.map(count));
    const whole = rows[0].causes ? [
      { title: "Failing", number: true, kind: (row) => alarm({ count: count(row), attempts: count(row) + row.delivered }),
        cell: (row) => percent(count(row), count(row) + row.delivered) },
      { title: "Commonest cause", cell: (row) => causeWords(first(row)) },
    ] : [{ title: "Last", kind: () => "time", cell: (row) => time(row.last) }];
    return table("Senders", [
      { title: "Sender", cell: (row) => row.sender_domain },
      { title: "Failures", number: true, cell: (row) => bar(count(row), top) }, ...whole], rows);
  });
}

export function showWaiting(waiting) {
  show("waiting-body", waiting.rows, (rows) => rows.length ? table("Waiting", [
    { title: "Provider", cell: (row) => providerWords(row.provider) },
    { title: "Cause", cell: (row) => causeWords(row.cause) },
    { title: "Recipients", number: true, cell: (row) => bar(row.recipients, most(rows, "recipients")) },
    { title: "Oldest", number: true, cell: (row) => seconds(row.oldest_seconds) },
  ], rows) : empty("Nobody waits."));
}

export function showRefusals(rejections) {
  show("refusals-body", rejections, ({ causes, blocklists }) => {
    if (!causes.length) return empty("Nothing was refused.");
    const lists = blocklists?.length ? [table("Block lists", [
      { title: "Block list", cell: (row) => row.name }, { title: "Hits", number: true, cell: (row) => number(row.count) }], blocklists)] : [];
    return [table("Our own refusals", [
      { title: "Cause", cell: (row) => causeWords(row.name) },
      { title: "Count", number: true, cell: (row) => bar(row.count, most(causes, "count")) }], causes), lists];
  });
}

const STATES = { ok: "ok", lost: "warn", missing: "bad", denied: "bad", hung: "bad" };

export function showSources(sources) {
  show("sources-body", sources, (rows) => table("Sources", [
    { title: "Source", cell: (row) => row.name },
    { title: "State", kind: (row) => STATES[row.state], cell: (row) => t(row.state) },
    { title: "Format", cell: (row) => row.formats.join(", ") || "–" },
    { title: "Lines", number: true, cell: (row) => number(row.lines ?? 0) },
    { title: "Counted", number: true, cell: (row) => number(row.counted ?? 0) },
    { title: "Behind", number: true, cell: (row) => (row.lag_bytes === undefined ? "–" : bytes(row.lag_bytes)) },
    { title: "Last line", kind: () => "time", cell: (row) => time(row.last_line) || "–" },
  ], rows));
}

export function showRules(rules) {
  show("rules-body", rules, (rows) => rows.length ? table("Rules", [
    { title: "Rule", cell: (row) => make("span", {}, code(row.rule), row.operator ? ` (${t("yours")})` : "") },
    { title: "Hits", number: true, cell: (row) => bar(row.hits, most(rows, "hits")) },
    { title: "Cause", cell: (row) => causeWords(row.cause ?? "") },
  ], rows) : empty("None so far."));
}
