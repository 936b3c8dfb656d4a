#include "daemon/batch/hold_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace bouncesight {
namespace {

struct HoldWords {
  std::string_view why;
  std::array<std::string_view, 3> steps;  // "ID" stands for the queue id
};

struct HoldRow {
  QueueKeeper by;
  HoldWords en, zh;
};

constexpr HoldRow kHoldRows[] = {
    {QueueKeeper::kPostfix,
     {"It is on hold in Postfix' queue: nothing tries it again until somebody releases it. An "
      "administrator (`postsuper -h`), a HOLD of an access table or of header checks, or a milter "
      "put it there.",
      {"Find out why: the mail log has `hold` beside its queue id; `postcat -vq ID` shows the "
       "mail.",
       "Release it: `postsuper -H ID`; `postqueue -i ID` then tries it at once.",
       "If nobody wants it: `postsuper -d ID` deletes it."}},
     {"邮件在 Postfix 队列中被挂起（hold）：不放行就不会再投递。可能是管理员执行了 postsuper "
      "-h，也可能是访问表、邮件头检查的 HOLD 动作或 milter 所致。",
      {"查明原因：邮件日志中该队列号旁有 hold 字样；postcat -vq ID 可查看邮件。",
       "放行：postsuper -H ID；再执行 postqueue -i ID 立即投递。",
       "确认不要的：postsuper -d ID 删除。"}}},
    {QueueKeeper::kExim,
     {"It is frozen in Exim's queue: queue runs pass it over until somebody thaws it.",
      {"Find out why: `exim -Mvl ID` shows its log. One from <> is a bounce that found no way "
       "back.",
       "Deliver it now: `exim -M ID`; or thaw it for the next queue run: `exim -Mt ID`.",
       "If nobody wants it: `exim -Mrm ID` removes it."}},
     {"邮件在 Exim 队列中被冻结（frozen）：不解冻，队列运行就会跳过它。",
      {"查明原因：exim -Mvl ID 查看它的日志。发件人为 <> 的是退不回去的退信。",
       "立即投递：exim -M ID；或解冻后等下次队列运行：exim -Mt ID。",
       "确认不要的：exim -Mrm ID 删除。"}}},
    {QueueKeeper::kSendmail,
     {"It is quarantined in Sendmail's queue: queue runs pass it over until the quarantine is "
      "lifted.",
      {"Find out why: `mailq -qQ` shows the reason behind QUARANTINE.",
       "Release it: `sendmail -qQ -Q -qIID` lifts the quarantine, and the next queue run delivers "
       "it.",
       "To deliver all that is quarantined as it is: `sendmail -qQ`."}},
     {"邮件在 Sendmail 队列中被隔离（quarantine）：不解除隔离，队列运行就会跳过它。",
      {"查明原因：mailq -qQ 在 QUARANTINE 后显示原因。",
       "放行：sendmail -qQ -Q -qIID 解除隔离，下次队列运行时投递。",
       "若要直接投递全部被隔离的邮件：sendmail -qQ。"}}},
};

std::string WithId(std::string_view words, const std::string& id) {
  std::string text(words);
  if (id.empty()) return text;
  constexpr std::string_view kPlace = "ID";
  for (std::size_t at = text.find(kPlace); at != std::string::npos; at = text.find(kPlace, at)) {
    text.replace(at, kPlace.size(), id);
    at += id.size();
  }
  return text;
}

AdviceText HoldText(const HoldWords& words, const std::string& id) {
  AdviceText text{std::string(words.why), {}};
  for (const std::string_view step : words.steps) text.steps.push_back(WithId(step, id));
  return text;
}

}  // namespace

Advice HoldAdvice(const QueueHold& hold) {
  const auto* const row =
      std::ranges::find_if(kHoldRows, [&hold](const HoldRow& one) { return one.by == hold.by; });
  Advice advice;
  if (row == std::end(kHoldRows)) return advice;
  advice.retry = Retry::kLater;
  advice.act = Act::kLocal;
  advice.en = HoldText(row->en, hold.queue_id);
  advice.zh = HoldText(row->zh, hold.queue_id);
  return advice;
}

}  // namespace bouncesight
