#include "rules/phrase_table.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "parsers/text/ascii.h"

namespace bouncesight {
namespace {

constexpr char kEdge = '\n';
constexpr std::size_t kLongestPhrase = 0x4000;

bool IsWord(char c) {
  return IsLower(c) || IsDigit(c) || c == '_';  // of folded text
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

// What it costs to look at a phrase wherever a window of it stands: so often is that in typical
// texts, and so many phrases share the window. A short window is marked by chance more often.
struct PhraseTable::Rarity {
  const WindowCounts& typical;
  const WindowCounts& phrases;

  std::uint64_t CostOf(std::uint32_t hash, unsigned width) const {
    constexpr std::uint64_t kPerText = 16;
    const std::uint64_t cost = kPerText * typical.Of(hash) + phrases.Of(hash);
    return width == kLong ? cost : 2 * cost + kPerText;
  }
};

struct PhraseTable::Rarest {
  Anchor anchor;
  unsigned width = kLong;
  std::uint64_t cost = std::numeric_limits<std::uint64_t>::max();
};

void PhraseTable::Weigh(const Entry& phrase, std::uint32_t number, const Piece& piece,
                        unsigned width, const Rarity& rarity, Rarest& best) const {
  const bool plain = phrase.sure && phrase.pieces == 1 && !piece.word_start && !piece.word_end &&
                     phrase.before == 0 && phrase.after == 0;
  for (std::size_t at = 0; at + width <= piece.size && at < 256; ++at) {
    const std::uint32_t hash = WindowCounts::HashAt(text_.data() + piece.text + at, width);
    const std::uint64_t cost = rarity.CostOf(hash, width);
    if (cost >= best.cost) continue;
    best = {{hash, plain ? phrase.id : number, piece.text, piece.size,
             static_cast<std::uint8_t>(at), plain},
            width,
            cost};
  }
}

PhraseTable::Rarest PhraseTable::RarestAnchor(std::uint32_t number, const Rarity& rarity) const {
  const Entry& phrase = phrases_[number];
  Rarest best;
  for (const unsigned width : {kLong, kShort}) {
    for (std::uint32_t p = 0; p < phrase.pieces; ++p) {
      Weigh(phrase, number, pieces_[phrase.first_piece + p], width, rarity, best);
    }
  }
  return best;
}

void PhraseTable::Build(const WindowCounts& typical) {
  if (anchors_.size() == phrases_.size()) return;
  WindowCounts phrases;
  for (const Piece& piece : pieces_) phrases.Add({text_.data() + piece.text, piece.size});
  const Rarity rarity{typical, phrases};
  anchors_.Alter([&](std::vector<Anchor>& anchors) {
    for (auto i = static_cast<std::uint32_t>(anchors.size()); i < phrases_.size(); ++i) {
      const Rarest rarest = RarestAnchor(i, rarity);
      anchors.push_back(rarest.anchor);
      if (rarest.width == kLong) {
        long_.Set(rarest.anchor.hash);
      } else {
        short_.Set(rarest.anchor.hash);
      }
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
