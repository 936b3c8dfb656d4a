// Is all well, and what hurts? The first thing on the page.
import { byId, bytes, make, number, percent, seconds, show } from "./dom.js";
import { causeWords, providerWords, t } from "./words.js";

// The limits are those of the shipped alerts (config/prometheus/alerts.yml).
const QUIET_SECONDS = 6 * 3600, STATE_SECONDS = 60, LAG_BYTES = 1e7;
const FEW = 20, BOUNCED = 0.1, UNKNOWN = 0.2, PROVIDER = 0.5;

function ofSource(source, now) {
  const s = source.name;
  const bad = { hung: "Source {s}: a read does not come back.", denied: "Source {s}: a file may not be read (permissions).",
    missing: "Source {s}: nothing that it looks for is there." }[source.state];
  if (bad) return [{ level: "bad", text: t(bad, { s }) }];
  const found = [];
  // Once lost is lost for ever: told, but no alarm a year later.
  if (source.state === "lost") found.push({ level: "note", text: t("Source {s}: lines were gone before they were counted.", { s }) });
  if ((source.lag_bytes ?? 0) > LAG_BYTES) found.push({ level: "warn", text: t("Source {s}: {n} behind.", { s, n: bytes(source.lag_bytes) }) });
  const quiet = source.last_line ? (now - new Date(source.last_line)) / 1000 : 0;
  if (quiet > QUIET_SECONDS) found.push({ level: "warn", text: t("Source {s}: no line for {t}.", { s, t: seconds(quiet) }) });
  return found;
}

function ofDaemon(status) {
  const found = status.sources.flatMap((source) => ofSource(source, new Date(status.time)));
  if (status.state_age_seconds > STATE_SECONDS) {
    found.push({ level: "bad", text: t("The state has not been written for {t}: is the disk full?", { t: seconds(status.state_age_seconds) }) });
  }
  if (!status.rules.last_reload_successful) found.push({ level: "warn", text: t("The last reload failed; the rules before it are in force.") });
  if (!status.ready) found.push({ level: "warn", text: t("What was written while it was away is still being read; figures will grow.") });
  return found;
}

// `recent`: the figures are of a period that ends now. Older ones are told, and raise no alarm.
function ofMail(report, recent) {
  const found = [];
  const level = (one) => (recent ? one : "note");
  const sum = (outcomes) => outcomes.delivered + outcomes.deferred + outcomes.bounced + outcomes.expired;
  const attempts = sum(report.outcomes);
  for (const one of report.blocklists.slice(0, 3)) {
    found.push({ level: level("bad"), text: t("{a} is listed by {l}, by replies: {n}.",
      { n: number(one.count), a: one.listed_ip || t("An address of ours"), l: one.name }) });
  }
  for (const one of report.providers.filter((row) => row.attempts >= FEW && row.count / row.attempts > PROVIDER).slice(0, 3)) {
    found.push({ level: level("bad"), text: t(one.top_cause ? "{w}: {n} of attempts fail, mostly {c}." : "{w}: {n} of attempts fail.",
      { w: providerWords(one.name), n: percent(one.count, one.attempts), c: causeWords(one.top_cause) }) });
  }
  const refused = report.outcomes.bounced + report.outcomes.expired;
  if (attempts >= FEW && refused / attempts > BOUNCED) {
    found.push({ level: level("warn"), text: t("{n} of attempts were refused for good.", { n: percent(refused, attempts) }) });
  }
  if (report.failures >= FEW && report.unclassified / report.failures > UNKNOWN) {
    found.push({ level: level("warn"), text: t("{n} of the failures are for no known reason.", { n: percent(report.unclassified, report.failures) }) });
  }
  found.push(attempts ? { level: "note", text: t("{n} of attempts arrived.", { n: percent(report.outcomes.delivered, attempts) }) }
    : { level: "note", text: t("No mail has been tried yet.") });
  if (report.failures) {
    const first = report.causes[0];
    found.push({ level: "note", text: t("The most failures: {c}, {n}.", { c: causeWords(first.name), n: percent(first.count, report.failures) }) });
  }
  return found;
}

const TITLES = { bad: "Something hurts", warn: "Worth a look", ok: "All is well", note: "All is read" };
const MARKS = { bad: "✖", warn: "▲", ok: "✔", note: "·" };

function tell(level, name, found, period = "") {
  const heading = byId("verdict-title");
  byId("verdict").className = `card wide ${level}`;
  const words = `${MARKS[level]} ${t(name)}`;
  if (heading.textContent !== words) heading.textContent = words;  // read out when it changes only
  const title = `${words} – bouncesight`;
  if (document.title !== title) document.title = title;
  byId("verdict-period").textContent = period;
  show("findings", found, () => found.map((one) => make("li", {},
    make("span", { class: `mark ${one.level}`, "aria-hidden": "true" }, MARKS[one.level]), one.text)));
}

export function showVerdict(status, report, period, recent) {
  const found = [...ofDaemon(status), ...ofMail(report, recent)];
  const order = ["bad", "warn", "note"];
  found.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  const worst = found[0].level;
  // Without recent figures nobody can say that the mail is well: no more than that the logs are read.
  tell(worst === "note" ? "ok" : worst, TITLES[worst === "note" && recent ? "ok" : worst], found, t("Figures: {p}", { p: t(period) }));
}

export function showNoContact(error) {
  tell("bad", "No contact", [{ level: "bad", text: t("bouncesight does not answer: {e}", { e: error.message }) }]);
}
