#include "rules/phrase_table.h"

#include <algorithm>
#include <numeric>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

constexpr char kEdge = '\n';
constexpr unsigned kCountBits = 18;
constexpr std::size_t kLongestPhrase = 0x4000;

bool IsWord(char c) {
  return IsLower(c) || IsDigit(c) || c == '_';  // of folded text
}

std::size_t CountOf(std::uint32_t hash) { return hash >> (32 - kCountBits); }

std::uint64_t WindowOf(const char* text, std::size_t size) {
  std::uint64_t window = 0;
  std::memcpy(&window, text, size);
  return window;
}

}  // namespace

void FoldedText::Fold(std::string_view text) {
  text = text.substr(0, kMaxBytes);
  bytes_[0] = kEdge;
  std::transform(text.begin(), text.end(), bytes_.begin() + 1, ToLower);
  bytes_[text.size() + 1] = kEdge;
  size_ = text.size() + 2;
}

bool PhraseTable::Add(std::span<const PhraseItem> phrase, std::uint32_t id, bool sure) {
  const std::size_t text_before = text_.size();
  const auto first = static_cast<std::uint32_t>(pieces_.size());
  const auto is_margin = [](PhraseItem item) { return item.kind == PhraseItem::Kind::kMargin; };
  std::uint8_t before = 0;
  std::uint8_t after = 0;
  if (!phrase.empty() && is_margin(phrase.front())) {
    before = phrase.front().value;
    phrase = phrase.subspan(1);
  }
  if (!phrase.empty() && is_margin(phrase.back())) {
    after = phrase.back().value;
    phrase = phrase.first(phrase.size() - 1);
  }
  if (phrase.size() > kLongestPhrase || !ReadPieces(phrase, sure)) {
    text_.resize(text_before);
    pieces_.resize(first);
    return false;
  }
  const auto pieces = static_cast<std::uint16_t>(pieces_.size() - first);
  phrases_.push_back({id, first, pieces, before, after, sure, {}});
  return true;
}

// Between two bytes that are known a boundary says nothing, or rules the phrase out: false.
bool PhraseTable::ReadBoundary(std::span<const PhraseItem> rest, Piece& piece) const {
  using Kind = PhraseItem::Kind;
  if (text_.size() == piece.text) {
    piece.word_start = true;
  } else if (rest.empty() || rest.front().kind == Kind::kGap) {
    piece.word_end = true;
  } else if (rest.front().kind != Kind::kBoundary) {  // of two the second one tells
    const bool byte = rest.front().kind == Kind::kByte;
    const char next = byte ? ToLower(static_cast<char>(rest.front().value)) : kEdge;
    return IsWord(text_.back()) != IsWord(next);
  }
  return true;
}

bool PhraseTable::ReadPieces(std::span<const PhraseItem> items, bool sure) {
  using Kind = PhraseItem::Kind;
  std::size_t longest = 0;
  Piece piece{static_cast<std::uint32_t>(text_.size())};
  const auto close = [&] {
    piece.size = static_cast<std::uint16_t>(text_.size() - piece.text);
    longest = std::max<std::size_t>(longest, piece.size);
    if (piece.size > 0) pieces_.push_back(piece);
    const bool lone_boundary = piece.size == 0 && piece.word_start;
    piece = {static_cast<std::uint32_t>(text_.size())};
    return !lone_boundary || !sure;
  };
  for (std::size_t at = 0; at < items.size(); ++at) {
    const char byte = static_cast<char>(items[at].value);
    switch (items[at].kind) {
      case Kind::kGap:
        if (!close()) return false;
        break;
      case Kind::kBoundary:
        if (!ReadBoundary(items.subspan(at + 1), piece)) return false;
        break;
      case Kind::kStart:
        if (at != 0) return false;
        text_.push_back(kEdge);
        break;
      case Kind::kEnd:
        if (at + 1 != items.size()) return false;
        text_.push_back(kEdge);
        break;
      case Kind::kByte:
        if (byte == kEdge) return false;
        text_.push_back(ToLower(byte));
        break;
      case Kind::kMargin:  // in the middle
        return false;
    }
  }
  return close() && longest >= kShort;
}

std::size_t PhraseTable::FindPiece(std::string_view text, const Piece& piece,
                                   std::size_t from) const {
  const std::string_view wanted(text_.data() + piece.text, piece.size);
  std::size_t at = text.find(wanted, from);
  while (at != std::string_view::npos && !BoundariesHold(text, at, piece)) {
    at = text.find(wanted, at + 1);
  }
  return at;
}

// With its one piece at `at`, or all of them somewhere: the first place of each behind the one
// before, for gaps may be of any width, so that an earlier place is never worse.
bool PhraseTable::HoldsAt(const FoldedText& text, std::size_t at, const Entry& phrase) const {
  const Piece* const pieces = &pieces_[phrase.first_piece];
  const std::size_t last = text.size() - (phrase.after > 0 ? 1U + phrase.after : 0U);
  std::size_t from = phrase.before > 0 ? 1U + phrase.before : 0U;
  if (phrase.after >= text.size()) return false;
  if (phrase.pieces == 1) {
    return at >= from && at + pieces->size <= last && BoundariesHold(text.view(), at, *pieces);
  }
  for (std::size_t i = 0; i < phrase.pieces; ++i) {
    from = FindPiece(text.view(), pieces[i], from);
    if (from == std::string_view::npos) return false;
    from += pieces[i].size;
  }
  return from <= last;
}

bool PhraseTable::BoundariesHold(std::string_view text, std::size_t at, const Piece& piece) {
  return (!piece.word_start || IsWordBoundary(text, at)) &&
         (!piece.word_end || IsWordBoundary(text, at + piece.size));
}

unsigned PhraseTable::WidthFor(const Entry& phrase) const {
  std::size_t longest = 0;
  for (std::uint32_t i = 0; i < phrase.pieces; ++i)
    longest = std::max<std::size_t>(longest, pieces_[phrase.first_piece + i].size);
  return longest >= kLong ? kLong : kShort;
}

PhraseTable::Anchor PhraseTable::RarestAnchor(std::uint32_t phrase,
                                              const std::vector<std::uint32_t>& counts) const {
  const Entry& of = phrases_[phrase];
  const unsigned width = WidthFor(of);
  Anchor best;
  std::uint32_t fewest = 0xffffffff;
  for (std::uint32_t p = of.first_piece; p < of.first_piece + of.pieces; ++p) {
    const Piece& piece = pieces_[p];
    for (std::size_t at = 0; at + width <= piece.size && at < 256; ++at) {
      const std::uint32_t hash = HashOf(WindowOf(text_.data() + piece.text + at, width));
      if (counts[CountOf(hash)] >= fewest) continue;
      fewest = counts[CountOf(hash)];
      const bool plain = of.sure && of.pieces == 1 && !piece.word_start && !piece.word_end &&
                         of.before == 0 && of.after == 0;
      best = {hash,       plain ? of.id : phrase,        piece.text,
              piece.size, static_cast<std::uint8_t>(at), plain};
    }
  }
  return best;
}

void PhraseTable::Mark(std::uint32_t hash, unsigned width) {
  if (width == kLong) {
    long_.Set(hash);
  } else {
    short_.Set(hash);
  }
}

void PhraseTable::Build() {
  if (anchors_.size() == phrases_.size()) return;
  std::vector<std::uint32_t> counts(std::size_t{1} << kCountBits);
  for (const Piece& piece : pieces_) {
    for (const unsigned width : {kLong, kShort}) {
      for (std::size_t at = 0; at + width <= piece.size; ++at) {
        ++counts[CountOf(HashOf(WindowOf(text_.data() + piece.text + at, width)))];
      }
    }
  }
  anchors_.Alter([&](std::vector<Anchor>& anchors) {
    for (auto i = static_cast<std::uint32_t>(anchors.size()); i < phrases_.size(); ++i) {
      anchors.push_back(RarestAnchor(i, counts));
      Mark(anchors.back().hash, WidthFor(phrases_[i]));
    }
    std::ranges::sort(anchors, [](const Anchor& a, const Anchor& b) {
      return a.hash != b.hash ? a.hash < b.hash : a.phrase < b.phrase;
    });
  });
  buckets_.Alter([&](std::vector<std::uint32_t>& buckets) {
    buckets.assign((std::size_t{1} << kBucketBits) + 1, 0);
    for (const Anchor& anchor : anchors_) ++buckets[BucketOf(anchor.hash) + 1];
    std::partial_sum(buckets.begin(), buckets.end(), buckets.begin());
  });
}

}  // namespace bouncesight
