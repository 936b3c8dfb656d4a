// A trace for people.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>

#include "daemon/batch/trace.h"
#include "parsers/text/scan.h"
#include "parsers/text/unseen.h"

namespace bouncesight {
namespace {

std::string SizeText(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " bytes";
  std::array<char, 32> text;
  const bool large = bytes >= 1'000'000;
  std::snprintf(text.data(), text.size(), "%.1f %s",
                static_cast<double>(bytes) / (large ? 1e6 : 1e3), large ? "MB" : "kB");
  return text.data();
}

// "mx.example.net [192.0.2.7]:25"; what is known of it.
std::string HostText(std::string_view host, std::string_view ip, std::uint16_t port) {
  std::string text(host);
  if (!ip.empty()) text.append(text.empty() ? "[" : " [").append(ip) += ']';
  if (port != 0 && !text.empty()) text += ":" + std::to_string(port);
  return text;
}

std::string NameOf(const TracedMessage& message) {
  std::string name = message.queue_id;
  if (!message.host.empty()) name += " on " + message.host;
  return name;
}

std::string_view NoteText(NoteKind kind) {
  switch (kind) {
    case NoteKind::kArrival:
      return "arrived";
    case NoteKind::kHandedOn:
      return "handed to a content filter";
    case NoteKind::kNotice:
      return "its sender was told";
    case NoteKind::kHeld:
      return "held";
    case NoteKind::kReleased:
      return "released";
    case NoteKind::kEnd:
      return "left the queue";
    case NoteKind::kFacts:
      break;
  }
  return {};
}

class Writer {
 public:
  explicit Writer(const Trace& trace) : trace_(trace) {}

  std::string Take() {
    if (trace_.messages.empty() && trace_.refusals.empty()) {
      return ShownLine(trace_.what) + ": no line of these logs tells of it\n";
    }
    if (trace_.left_out > 0) {
      out_ += "The " + std::to_string(trace_.messages.size()) + " youngest of " +
              std::to_string(trace_.messages.size() + trace_.left_out) +
              " messages; --top=0 shows all.\n\n";
    }
    for (const TracedMessage& message : trace_.messages) Message(message);
    if (!trace_.refusals.empty()) {
      out_ += "Refused on the way in\n";
      for (const TraceStep& step : trace_.refusals) Result(step, nullptr, "");
      out_ += '\n';
    }
    if (trace_.cut_short) {
      out_ += "More was found than is kept: this is not all. Name fewer logs, or a queue id.\n";
    }
    if (out_.ends_with("\n\n")) out_.pop_back();
    return std::move(out_);
  }

 private:
  void Field(std::string_view name, const std::string& text) {
    if (text.empty()) return;
    out_.append("  ").append(name).append(10 - name.size(), ' ').append(ShownLine(text)) += '\n';
  }

  void Head(const TracedMessage& message) {
    out_ += ShownLine(NameOf(message)) + " (" + std::string(MtaName(message.mta));
    if (!message.instance.empty() && message.instance != MtaName(message.mta)) {
      out_ += ", " + ShownLine(message.instance);
    }
    out_ += ")\n";
    Field("from", message.sender == "<>" ? "<>, the null sender of a notice" : message.sender);
    Field("account", message.account);
    Field("client", HostText(message.client_host, message.client_ip, 0));
    Field("message", message.message_id);
    if (message.size != 0) Field("size", SizeText(message.size));
  }

  void Message(const TracedMessage& message) {
    Head(message);
    // Of a message to many that was asked for by one address, what became of that one.
    const bool one_only = std::ranges::any_of(message.steps, [&](const TraceStep& step) {
      return SameNoCase(step.recipient, trace_.what);
    });
    std::size_t others = 0;
    for (std::size_t i = 0; i < message.steps.size(); ++i) {
      const TraceStep& step = message.steps[i];
      if (step.note) {
        Note(step, LinkOf(message, i));
      } else if (one_only && !step.recipient.empty() && !SameNoCase(step.recipient, trace_.what)) {
        ++others;
      } else {
        Result(step, LinkOf(message, i), step.recipient);
      }
    }
    if (others > 0) {
      out_ += "  and " + std::to_string(others) + (others == 1 ? " result" : " results") +
              " of other recipients\n";
    }
    Ends(message, one_only);
    out_ += '\n';
  }

  const TraceLink* LinkOf(const TracedMessage& message, std::size_t step) const {
    const auto found = std::ranges::find(message.links, step, &TraceLink::step);
    return found == message.links.end() ? nullptr : &*found;
  }

  void Begin(const TraceStep& step) { out_ += "  " + ShownLine(step.time) + "  "; }

  void Note(const TraceStep& step, const TraceLink* link) {
    const std::string_view words = NoteText(*step.note);
    if (words.empty()) return;
    Begin(step);
    out_ += words;
    if (step.note == NoteKind::kArrival && !step.other_id.empty()) {
      out_ += ", out of " + ShownLine(step.other_id);
    } else if (!step.other_id.empty()) {
      out_ += " by " + ShownLine(step.other_id);
    }
    out_ += link == nullptr ? "\n" : ", see below\n";
  }

  void Result(const TraceStep& step, const TraceLink* link, std::string_view recipient) {
    Begin(step);
    out_ += OutcomeName(step.outcome);
    if (!recipient.empty()) out_ += " " + ShownLine(recipient);
    if (recipient.empty() && step.outcome == Outcome::kExpired) out_ += ", returned to its sender";
    if (recipient.empty() && !step.recipient.empty())
      out_ += " mail to " + ShownLine(step.recipient);
    const std::string relay = HostText(step.relay_host, step.relay_ip, step.relay_port);
    const bool client = step.outcome == Outcome::kRejected;
    if (!relay.empty()) out_ += (client ? " from " : " by ") + ShownLine(relay);
    if (!step.cause.empty()) out_ += ": " + step.cause;
    out_ += '\n';
    const std::string indent(4 + step.time.size(), ' ');
    if (!step.reply.empty()) out_ += indent + ShownLine(step.reply) + '\n';
    if (step.other_id.empty()) return;
    out_ += indent + "handed on as " + ShownLine(step.other_id);
    if (link != nullptr) {
      out_ += ", see " + ShownLine(NameOf(trace_.messages[link->message])) + '\n';
    } else {
      out_ += ", of which these logs tell nothing\n";
    }
  }

  void Ends(const TracedMessage& message, bool one_only) {
    std::size_t waiting = 0;
    for (const TraceRecipient& one : RecipientsOf(message)) {
      if (one_only && !SameNoCase(one.address, trace_.what)) continue;
      waiting += one.waits ? 1 : 0;
    }
    if (waiting > 0) {
      out_ += "  still waiting: " + std::to_string(waiting) +
              (waiting == 1 ? " recipient\n" : " recipients\n");
    } else if (message.End() == nullptr && message.requeued.empty()) {
      out_ += "  no line says that it left the queue\n";
    }
  }

  const Trace& trace_;
  std::string out_;
};

}  // namespace

std::string TraceText(const Trace& trace) { return Writer(trace).Take(); }

}  // namespace bouncesight
