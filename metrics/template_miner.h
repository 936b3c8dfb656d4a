// Which replies has nobody a rule for yet? Unclassified replies are normalised into templates
// (addresses, hosts, numbers and ids masked), and the commonest are kept in a bounded table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/space_saving.h"
#include "parsers/event/smtp_reply.h"

namespace bouncesight {

struct MinedTemplate {
  std::string text;         // "mailbox {addr} is resting until {num}", at most 200 bytes
  std::string example;      // one reply, as logged, printable and at most 300 bytes
  std::uint64_t count = 0;  // at most; at least count - error
  std::uint64_t error = 0;
  std::uint16_t code = 0;
  EnhancedCode enhanced;
  std::string domain;  // of the example's recipient, as a label; may be empty
};

// One thread. Memory is bounded by `capacity` templates of at most 200 bytes.
class TemplateMiner {
 public:
  explicit TemplateMiner(std::size_t capacity = 512);

  void Add(const Reply& reply, std::string_view domain = {});
  void Merge(const TemplateMiner& other);
  // By count, the commonest first.
  std::vector<MinedTemplate> Top(std::size_t n) const;

 private:
  struct Sample {
    std::string example;
    std::uint16_t code = 0;
    EnhancedCode enhanced;
    std::string domain;
  };
  SpaceSaving table_;
  std::vector<Sample> samples_;  // by the table's slots
};

// The template of one reply's text: what rules' patterns see of it (rules/reply_text.h), with every
// number as {num}, in valid UTF-8.
std::string ReplyTemplate(std::string_view text);

// A rule file (YAML) with one draft rule for each template. Each says "unclassified" until an
// operator names its cause.
std::string DraftRules(const std::vector<MinedTemplate>& templates);

}  // namespace bouncesight
