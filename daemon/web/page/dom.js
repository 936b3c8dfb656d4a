// Elements, numbers and times. Whatever comes from a log goes in as text, never as markup.
import { locale, t } from "./words.js";

// make("td", {class: "number"}, "text", other, …): strings become text; null and "" are left out.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export const byId = (id) => document.getElementById(id);

export const number = (value) => new Intl.NumberFormat(locale(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);

export function percent(part, whole) {
  if (!whole) return "–";
  const share = part / whole;
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: share > 0 && share < 0.0995 ? 1 : 0 }).format(share);
}

export function time(text) {
  if (!text) return "";
  return new Intl.DateTimeFormat(locale(), { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(text));
}

export function seconds(value) {
  const steps = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const [size, unit] = steps.find(([one]) => value >= one) ?? steps[3];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }).format(Math.floor(value / size));
}

export function bytes(value) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const at = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return new Intl.NumberFormat(locale(), { style: "unit", unit: units[at], unitDisplay: "short", maximumFractionDigits: at ? 1 : 0 })
    .format(value / 1000 ** at);
}

// A count with a bar beside it, for the eye; the number says all.
export function bar(value, most) {
  return make("span", {}, number(value), make("progress", { max: most || 1, value, "aria-hidden": "true" }));
}

const FIRST_ROWS = 10;

// `columns`: [{title, number, cell: row => node or text, kind: row => class}]. What stands behind the first rows is folded away.
export function table(name, columns, rows) {
  const rest = rows.slice(FIRST_ROWS);
  return rest.length === 0 ? [grid(name, columns, rows)] : [grid(name, columns, rows.slice(0, FIRST_ROWS)),
    make("details", { class: "more", "data-key": `more ${name}` }, make("summary", {}, t("{n} more", { n: number(rest.length) })),
      grid(name, columns, rest))];
}

// Roles are written out, since at 360 px rows are blocks, and blocks lose the roles of a table.
function grid(name, columns, rows) {
  const title = (column) => make("th", { scope: "col", role: "columnheader", class: column.number && "number" }, t(column.title));
  const cell = (column, row) => make("td", { role: "cell", "data-title": t(column.title),
    class: [column.number && "number", column.kind?.(row)].filter(Boolean).join(" ") || null }, column.cell(row));
  return make("table", { role: "table", "aria-label": t(name) },
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...columns.map(title))),
    make("tbody", { role: "rowgroup" }, ...rows.map((row) => make("tr", { role: "row" }, ...columns.map((column) => cell(column, row))))));
}

const shown = new Map();

// Builds the contents of `id` anew where `data` is not what it was; what was open stays open, and what had the focus keeps it.
export function show(id, data, build) {
  const print = JSON.stringify([locale(), data]);
  if (shown.get(id) === print) return;
  shown.set(id, print);
  const place = byId(id);
  const keyed = (selector) => [...place.querySelectorAll(selector)];
  const open = new Set(keyed("details[open]").map((one) => one.dataset.key));
  const focus = place.contains(document.activeElement) ? document.activeElement.closest("[data-key]")?.dataset.key : null;
  place.replaceChildren(...[build(data)].flat(2));
  for (const one of keyed("details")) one.open = open.has(one.dataset.key);
  if (focus) {
    const one = keyed("[data-key]").find((other) => other.dataset.key === focus);
    (one?.querySelector("summary") ?? one)?.focus();
  }
}

export const empty = (text) => make("p", { class: "empty" }, t(text));
