#include "daemon/batch/literal_search.h"

#include <algorithm>
#include <span>
#include <utility>

#include <hs/hs.h>

#include "parsers/text/ascii.h"
#include "parsers/text/scan.h"

namespace bouncesight {
namespace {

constexpr std::size_t kSearchBytes = std::size_t{1} << 20U;

bool IsWordByte(char c) {
  return IsAlnum(c) || c == '.' || c == '_' || c == '-' || c == '+' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool IsWord(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && IsWordByte(text[begin - 1])) return false;
  if (end == text.size() || !IsWordByte(text[end])) return true;
  // A full stop may end a sentence.
  return text[end] == '.' && (end + 1 == text.size() || !IsWordByte(text[end + 1]));
}

struct DatabaseDeleter {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct ScratchDeleter {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};

}  // namespace

struct LiteralSearch::State {
  Status GetReady();

  std::vector<std::size_t> lengths;  // of the texts
  std::shared_ptr<hs_database_t> database;
  std::unique_ptr<hs_scratch_t, ScratchDeleter> scratch;
  std::vector<char> buffer;

  // Where the present Search is.
  std::uint64_t number = 0;  // lines before `counted`
  std::size_t counted = 0;
  std::size_t line_end = 0;  // of the line that was found last
};

LiteralSearch::LiteralSearch(std::unique_ptr<State> state) : state_(std::move(state)) {}
LiteralSearch::~LiteralSearch() = default;
LiteralSearch::LiteralSearch(LiteralSearch&&) noexcept = default;
LiteralSearch& LiteralSearch::operator=(LiteralSearch&&) noexcept = default;

Result<LiteralSearch> LiteralSearch::For(const std::vector<std::string>& texts, bool any_case) {
  auto state = std::make_unique<State>();
  std::vector<const char*> expressions;
  std::vector<unsigned> flags(texts.size(), any_case ? HS_FLAG_CASELESS : 0U);
  std::vector<unsigned> ids;
  for (const std::string& text : texts) {
    ids.push_back(static_cast<unsigned>(ids.size()));
    expressions.push_back(text.data());
    state->lengths.push_back(text.size());
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(expressions.data(), flags.data(), ids.data(), state->lengths.data(),
                           static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr, &database,
                           &error) != HS_SUCCESS) {
    const std::string why = error == nullptr ? "no memory" : error->message;
    hs_free_compile_error(error);
    return Error{"cannot search for this: " + why + "; name a queue id, address or message id"};
  }
  state->database.reset(database, DatabaseDeleter());
  if (Status ready = state->GetReady(); !ready) return ready.error();
  return LiteralSearch(std::move(state));
}

Status LiteralSearch::State::GetReady() {
  hs_scratch_t* made = nullptr;
  if (hs_alloc_scratch(database.get(), &made) != HS_SUCCESS) {
    return Error{"cannot search: no memory for it"};
  }
  scratch.reset(made);
  buffer.resize(kSearchBytes);
  return Ok{};
}

Result<LiteralSearch> LiteralSearch::Another() const {
  auto state = std::make_unique<State>();
  state->lengths = state_->lengths;
  state->database = state_->database;
  if (Status ready = state->GetReady(); !ready) return ready.error();
  return LiteralSearch(std::move(state));
}

void LiteralSearch::SearchLines(std::string_view text, const Found& found) {
  struct Context {
    std::string_view text;
    State& state;
    const Found& found;
  } context{text, *state_, found};
  state_->counted = 0;
  state_->line_end = 0;
  const auto on_match = [](unsigned id, unsigned long long, unsigned long long to, unsigned,
                           void* opaque) -> int {
    Context& at = *static_cast<Context*>(opaque);
    const auto end = static_cast<std::size_t>(to);
    const std::size_t begin = end - at.state.lengths[id];
    if (end <= at.state.line_end || !IsWord(at.text, begin, end)) return 0;
    const std::size_t before = at.text.rfind('\n', begin);
    const std::size_t line_begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t line_end = std::min(at.text.find('\n', end), at.text.size());
    at.state.number +=
        CountOf(at.text.substr(at.state.counted, line_begin - at.state.counted), '\n');
    at.state.counted = line_begin;
    at.state.line_end = line_end;
    std::string_view line = at.text.substr(line_begin, line_end - line_begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at.found(line, at.state.number + 1);
    return 0;
  };
  hs_scan(state_->database.get(), text.data(), static_cast<unsigned>(text.size()), 0,
          state_->scratch.get(), on_match, &context);
  state_->number += CountOf(text.substr(state_->counted), '\n');
}

Status LiteralSearch::Search(const LogRange& log, const Found& found) {
  Result<std::unique_ptr<LogInput>> input = OpenLogInput(log);
  if (!input) return input.error();
  std::vector<char>& buffer = state_->buffer;
  state_->number = 0;
  std::size_t kept = 0;  // bytes of a line that has not ended
  for (;;) {
    const Result<std::size_t> got = (*input)->Read(std::span(buffer).subspan(kept));
    if (!got || *got == 0) {
      SearchLines({buffer.data(), kept}, found);
      return got ? Status(Ok{}) : Status(got.error());
    }
    const std::string_view text(buffer.data(), kept + *got);
    std::size_t whole = text.rfind('\n') + 1;  // 0: none ends here
    if (whole == 0 && text.size() == buffer.size()) whole = text.size();
    SearchLines(text.substr(0, whole), found);
    kept = text.size() - whole;
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(whole), text.end(), buffer.begin());
  }
}

}  // namespace bouncesight
