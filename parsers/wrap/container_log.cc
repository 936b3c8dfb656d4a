#include "parsers/wrap/container_log.h"

#include "parsers/text/text.h"
#include "parsers/text/timestamp.h"

namespace bouncesight {

std::optional<CriLine> ParseCriLine(std::string_view line) {
  CriLine cri;
  const std::size_t stamp = TimestampLength(line);
  if (stamp == 0) return std::nullopt;
  cri.time = line.substr(0, stamp);
  line.remove_prefix(stamp);
  if (!Consume(line, " stdout ") && !Consume(line, " stderr ")) return std::nullopt;
  cri.stream = std::string_view(line.data() - 7, 6);
  std::string_view tags = line.substr(0, FindNear(line, ' '));
  line.remove_prefix(tags.size());
  Consume(line, " ");
  cri.text = line;
  tags = tags.substr(0, FindOrEnd(tags, ':'));  // "P:something-new"
  cri.ends_line = tags == "F";
  if (!cri.ends_line && tags != "P") return std::nullopt;
  return cri;
}

void PieceJoiner::Add(std::string_view piece) {
  joined_.append(piece.substr(0, kMaxBytes - joined_.size()));
}

std::string_view PieceJoiner::Finish(std::string_view piece) {
  if (joined_.empty()) return piece;
  Add(piece);
  line_.swap(joined_);
  joined_.clear();
  return line_;
}

}  // namespace bouncesight
