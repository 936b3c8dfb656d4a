// The timeline: columns by outcome, cause or provider, and the same as a table.
import { byId, make, number, percent, show, table } from "./dom.js";
import { causeWords, locale, outcomeWord, providerWords, t } from "./words.js";

const OUTCOMES = { delivered: "--ok", deferred: "--wait", bounced: "--bad", expired: "--lost", suspended: "--still", rejected: "--still" };
// Told apart by those who see no red or green, too (Okabe and Ito).
const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800"];
const REST = "others";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const wordsOf = { outcome: outcomeWord, cause: causeWords, provider: providerWords };

let chart = null;
let drawn = "";

function label(text, step) {
  const format = step >= 86400 ? { month: "short", day: "numeric" } : step >= 3600
    ? { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
    : { hour: "2-digit", minute: "2-digit", second: step < 60 ? "2-digit" : undefined, hourCycle: "h23" };
  return new Intl.DateTimeFormat(locale(), format).format(new Date(text));
}

// The commonest names, the rest under one.
function namesOf(rows, by) {
  const sums = new Map();
  for (const row of rows) for (const [name, count] of Object.entries(row.counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  if (by === "outcome") return Object.keys(OUTCOMES).filter((name) => sums.get(name));
  const names = [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return names.length > PALETTE.length ? [...names.slice(0, PALETTE.length), REST] : names;
}

function valueOf(row, name, names) {
  if (name !== REST) return row.counts[name] ?? 0;
  return Object.entries(row.counts).filter(([one]) => !names.includes(one)).reduce((sum, [, count]) => sum + count, 0);
}

// `data`: {step, rows: [{begin, counts: {name: count}}]}.
export function showTimeline(data, by, note) {
  const print = JSON.stringify([data, by, note, locale(), colour("--text")]);
  if (print === drawn) return;
  drawn = print;
  byId("timeline-note").textContent = note;
  const names = namesOf(data.rows, by);
  const words = (name) => (name === REST ? t(REST) : wordsOf[by](name));
  const labels = data.rows.map((row) => label(row.begin, data.step));
  const datasets = names.map((name, i) => ({
    label: words(name), data: data.rows.map((row) => valueOf(row, name, names)), barPercentage: 1, categoryPercentage: 0.9,
    backgroundColor: by === "outcome" ? colour(OUTCOMES[name]) : name === REST ? colour("--still") : PALETTE[i],
  }));
  draw(labels, datasets);
  show("timeline-table", [by, data], () => table("Timeline", [
    { title: "Time", kind: () => "time", cell: (row) => label(row.begin, data.step) },
    ...names.map((name) => ({ title: words(name), number: true, cell: (row) => number(valueOf(row, name, names)) })),
  ], data.rows.filter((row) => Object.keys(row.counts).length).reverse()));
}

function draw(labels, datasets) {
  const axis = { stacked: true, ticks: { color: colour("--quiet"), maxRotation: 0, autoSkipPadding: 24 }, grid: { color: colour("--line") } };
  const options = {
    animation: false, responsive: true, maintainAspectRatio: false, locale: locale(), interaction: { mode: "index", intersect: false },
    scales: { x: { ...axis, grid: { display: false } }, y: { ...axis, beginAtZero: true, ticks: { ...axis.ticks, precision: 0, maxTicksLimit: 6 } } },
    plugins: { legend: { position: "bottom", labels: { color: colour("--text"), boxWidth: 12, boxHeight: 12 } } },
  };
  if (!chart) {
    chart = new Chart(byId("timeline-chart"), { type: "bar", data: { labels, datasets }, options });
    return;
  }
  chart.data = { labels, datasets };
  chart.options = options;
  chart.update();
}

// Where there is no history: what this page has seen come in.
const LIVE_STEP = 10, LIVE_STEPS = 60;
let live = [];

export function noteLive(status) {
  const at = Math.floor(new Date(status.time).getTime() / 1000 / LIVE_STEP) * LIVE_STEP;
  if (live.at(-1)?.at === at) live.pop();
  live.push({ at, totals: status.totals });
  live = live.slice(-LIVE_STEPS - 1);
}

export function liveTimeline() {
  const between = (row, before) => Object.fromEntries(Object.keys(OUTCOMES).map((name) => [name, row.totals[name] - before.totals[name]])
    .filter(([, count]) => count > 0));
  const end = live.at(-1)?.at ?? 0;
  const rows = Array.from({ length: LIVE_STEPS }, (_, i) => {
    const at = end - (LIVE_STEPS - 1 - i) * LIVE_STEP;
    const now = live.findIndex((row) => row.at === at);
    return { begin: new Date(at * 1000).toISOString(), counts: now > 0 ? between(live[now], live[now - 1]) : {} };
  });
  return { step: LIVE_STEP, rows };
}
