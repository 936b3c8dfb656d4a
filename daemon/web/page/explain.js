// The box that says what a pasted bounce means.
import { explain } from "./api.js";
import { byId, make } from "./dom.js";
import { actWord, causeWords, outcomeWord, providerWords, retryWord, t } from "./words.js";

export function adviceParts(advice) {
  return [make("p", {}, advice.explanation),
    advice.act ? make("p", {}, `${t("Must act")}: ${actWord(advice.act)} · ${t("Retry")}: ${retryWord(advice.retry)}`) : "",
    make("ol", {}, ...(advice.remedy ?? []).map((step) => make("li", {}, step)))];
}

function listing(one) {
  if (!one.blocklist) return null;
  const link = one.delisting_link;
  return make("li", {}, `${t("Block list")}: `, link ? make("a", { href: link, rel: "noreferrer" }, one.blocklist) : one.blocklist,
    one.listed_ip ? ` (${one.listed_ip})` : "");
}

function answer(one) {
  const fact = (title, value) => value ? make("li", {}, `${t(title)}: ${value}`) : null;
  const code = [one.code, one.enhanced_code].filter(Boolean).join(" ");
  return make("article", { class: "answer" },
    make("h3", {}, one.notice && (one.cause ?? "unclassified") === "unclassified" ? t(one.notice.replaceAll("_", " ")) : causeWords(one.cause)),
    make("pre", {}, one.reply || one.input),
    make("ul", { class: "facts" }, fact("Code", code), fact("Provider", one.provider && providerWords(one.provider)), fact("Recipient", one.recipient),
      fact("Outcome", one.outcome_hint && outcomeWord(one.outcome_hint)), fact("Rule", one.rule),
      fact("State", one.cause && one.notice === "held" ? t("held in the queue until somebody releases it") : ""),
      fact("Delay", one.cause && one.notice && one.notice !== "held" ? one.tried_again || t("the mail waits, and is tried again") : ""), listing(one)),
    ...adviceParts(one));
}

let last = "";

async function ask() {
  const place = byId("explain-answer");
  if (!last) return;
  try {
    const { answers, more } = await explain(last);
    const rest = more ? [make("p", { class: "note" }, t("{n} more are not shown.", { n: more }))] : [];
    const nothing = [make("p", { class: "empty" }, t("There is nothing to explain in it."))];
    place.replaceChildren(...(answers.length ? answers.map(answer) : nothing), ...rest);
  } catch (error) {
    place.replaceChildren(make("p", { class: "error" }, error.message));
  }
}

export function startExplain() {
  byId("explain-form").addEventListener("submit", (event) => {
    event.preventDefault();
    last = byId("explain-text").value;
    ask();
  });
}

export const explainAgain = ask;  // in another language
