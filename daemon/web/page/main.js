// What the page does: asks how it stands twice a second while somebody looks, and for the tables when something has changed.
import { get } from "./api.js";
import { byId, make } from "./dom.js";
import { explainAgain, startExplain } from "./explain.js";
import { nameCauses, refreshFailures, showNoHistory, showUnknown, startSearch } from "./failures.js";
import { showCauses, showDomains, showLists, showProviders, showRefusals, showRules, showSenders, showSources, showTiles, showWaiting }
  from "./sections.js";
import { liveTimeline, noteLive, showTimeline } from "./timeline.js";
import { showNoContact, showVerdict } from "./verdict.js";
import { chooseLanguage, language, setVocabulary, t, translateDocument } from "./words.js";

const LOOK_MS = 500, HISTORY_MS = 5000, CHEAP_MS = 200;
const PERIODS = { all: "since the count began", "1h": "1 hour", "24h": "24 hours", "7d": "7 days", "30d": "30 days" };
const RECENT = "1h";  // what the verdict goes by

const state = { period: "all", by: "outcome", generation: -1, report: null, recent: null, seen: [], historyAt: 0, countedAt: 0, cost: 0, history: false, chosen: false, spoken: false };

// Attempts a minute over the last minute that this page has seen; null: too little was seen.
function perMinute(status) {
  const { delivered, deferred, bounced, expired } = status.totals;
  const now = { at: new Date(status.time) / 1000, attempts: delivered + deferred + bounced + expired };
  state.seen = [...state.seen.filter((one) => now.at - one.at <= 60 && one.at < now.at), now];
  const first = state.seen[0];
  return now.at - first.at < 5 ? null : ((now.attempts - first.attempts) * 60) / (now.at - first.at);
}

function showReport(status) {
  const { report } = state;
  showCauses(report);
  showProviders(report);
  showDomains(report);
  showLists(report);
  showRefusals(report.rejections);
  showUnknown(state.history ? report.unclassified_templates : [], report.unclassified);
  const recent = state.history ? state.recent : report;
  if (recent) showVerdict(status, recent, state.history ? "last hour" : PERIODS.all, state.history);
}

function showStatus(status) {
  const { report } = state;
  const ofPeriod = state.period !== "all" && report;
  showTiles({ totals: ofPeriod ? report.outcomes : status.totals, waiting: status.waiting, perMinute: perMinute(status),
    rejected: ofPeriod ? report.rejections.count : status.totals.rejected });
  showWaiting(status.waiting);
  showSources(status.sources);
  byId("version").textContent = `bouncesight ${status.version} (${status.revision})`;
  byId("metrics").href = status.telemetry_path.slice(1);
  byId("metrics").textContent = status.telemetry_path;
  noteLive(status);
  if (!state.history) showTimeline(liveTimeline(), "outcome", t("History is off: the rate since this page was opened."));
}

async function loadCounters() {
  const begin = performance.now();
  const [report, senders, rules] = await Promise.all([get("report", { period: state.period }), get("senders", { period: state.period }), get("rules")]);
  state.countedAt = performance.now();
  state.cost = state.countedAt - begin;
  state.report = report;
  showSenders(senders);
  showRules(rules);
}

async function loadHistory() {
  const period = state.period === "all" ? "30d" : state.period;
  const [timeline, recent] = await Promise.all([get("timeline", { period, by: state.by, offset: -60 * new Date().getTimezoneOffset() }), get("report", { period: RECENT }), refreshFailures()]);
  state.recent = recent;
  const step = new Intl.NumberFormat(language() === "zh" ? "zh-CN" : "en-GB",
    { style: "unit", unit: timeline.step < 3600 ? "minute" : "hour", unitDisplay: "long" }).format(timeline.step / (timeline.step < 3600 ? 60 : 3600));
  showTimeline(timeline, state.by, t("Steps of {t}. Times are this browser's.", { t: step }));
}

async function look() {
  if (!state.spoken) await speak();
  const status = await get("status");
  if (status.history !== state.history || !state.chosen) followHistory(status.history);
  const now = performance.now();
  const old = now - state.historyAt > HISTORY_MS;
  const changed = status.generation !== state.generation;
  // What comes of a long search in the history is not worth a search each second.
  const due = state.period === "all" || now - state.countedAt > (state.cost < CHEAP_MS ? 0 : HISTORY_MS);
  if (changed && due || !state.report) {
    await loadCounters();
    state.generation = status.generation;
  }
  if (state.history && old) {
    state.historyAt = performance.now();
    await loadHistory();
  }
  showStatus(status);
  showReport(status);
}

function followHistory(on) {
  state.history = on;
  state.chosen = true;
  choosePeriod(on ? "24h" : "all");
  for (const input of byId("period").querySelectorAll("input")) {
    input.disabled = !on && input.value !== "all";
    input.checked = input.value === state.period;
  }
  byId("search").hidden = !on;
  byId("timeline-by").disabled = !on;
  if (!on) showNoHistory();
}

function choosePeriod(period) {
  state.period = period;
  again();
}

// Everything is asked for anew with the next look.
function again() {
  state.generation = -1;
  state.historyAt = -Infinity;
  state.report = null;
}

function makePeriods() {
  byId("period").append(...Object.entries(PERIODS).map(([value, words]) => make("label", {},
    make("input", { type: "radio", name: "period", value }), make("span", { "data-t": words }, words))));
  byId("period").addEventListener("change", (event) => choosePeriod(event.target.value));
}

async function speak() {
  translateDocument();
  const other = language() === "zh" ? ["en", "English"] : ["zh", "中文"];
  byId("language").lang = other[0];
  byId("language").textContent = other[1];
  setVocabulary(await get("causes"));
  nameCauses();
  state.spoken = true;
  again();
}

async function run() {
  for (;;) {
    try {
      if (!document.hidden) await look();
    } catch (error) {
      showNoContact(error);
      again();
    }
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
}

async function start() {
  byId("host").textContent = location.host;
  makePeriods();
  startExplain();
  startSearch(() => state.period);
  byId("timeline-by").addEventListener("change", (event) => {
    state.by = event.target.value;
    state.historyAt = -Infinity;
  });
  byId("language").addEventListener("click", () => {
    chooseLanguage(language() === "zh" ? "en" : "zh");
    state.spoken = false;
    speak().then(explainAgain).catch(showNoContact);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { state.historyAt = -Infinity; });
  await run();
}

start();
