// Plain phrases by the ten thousand, found in one pass whose cost hardly depends on their number.
//
// Of each phrase the rarest eight bytes or, where they are rarer still, three are its anchor, kept
// in a hash table. At each place of a text a look at a bitmap says that no anchor stands there,
// which is so nearly everywhere; else the few phrases with that anchor are compared. Hyperscan does
// the same for a few hundred literals, but its buckets fill: with all our phrases it took five
// times as long.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "rules/phrase.h"
#include "rules/stored_list.h"
#include "rules/window_counts.h"

namespace bouncesight {

// A text as phrases are compared with it: in lower case (ASCII only), between two newlines, which
// are what `^` and `$` become. Some 4 KiB, made once per worker.
class FoldedText {
 public:
  static constexpr std::size_t kMaxBytes = 4352;

  // What is longer than kMaxBytes is cut.
  void Fold(std::string_view text);

  const char* data() const { return bytes_.data(); }
  std::string_view view() const { return {bytes_.data(), size_}; }
  std::size_t size() const { return size_; }  // with both newlines

 private:
  static constexpr std::size_t kPadding = 8;  // so that windows may be read near the end
  std::array<char, kMaxBytes + 2 + kPadding> bytes_{};
  std::size_t size_ = 0;
};

// Add, then Build, then const and good for any thread. More may be added, and built, later: of what
// was built before nothing changes.
class PhraseTable {
 public:
  // False, and nothing added: it cannot be found here, for it has no piece of three bytes in a row,
  // or an edge of the text in its middle. `sure`: given to Find's sink.
  bool Add(std::span<const PhraseItem> phrase, std::uint32_t id, bool sure);
  // `typical`: of texts such as Find will see. Without them what is rare among phrases is rare.
  void Build(const WindowCounts& typical = {});

  // Calls sink(id, sure) for each phrase that `text` holds, in no order, maybe more than once.
  template <typename Sink>
  void Find(const FoldedText& text, Sink&& sink) const {
    if (anchors_.empty()) return;
    Sightings sightings;
    Asked asked;
    for (std::size_t at = 0; at + kShort <= text.size(); ++at) {
      const std::uint64_t window = EightAt(text.data() + at);
      sightings.AddIf(long_, at, WindowCounts::HashOf(window));
      sightings.AddIf(short_, at, WindowCounts::HashOf(window & WindowCounts::kShortMask));
      if (sightings.full()) Settle(text, sightings, asked, sink);
    }
    Settle(text, sightings, asked, sink);
  }

  std::size_t size() const { return phrases_.size(); }

  friend bool operator==(const PhraseTable&, const PhraseTable&) = default;

  // All that there is, for an archive (catalog_image.cc) that writes or reads it. What is read may
  // stay in the archive's memory.
  template <typename Archive>
  void Fields(Archive& archive) {
    archive(text_, pieces_, phrases_, anchors_, buckets_, long_.words, short_.words);
  }

 private:
  struct Piece {
    std::uint32_t text = 0;  // where it begins in text_
    std::uint16_t size = 0;
    bool word_start = false;  // \b before it
    bool word_end = false;    // \b after it

    friend bool operator==(const Piece&, const Piece&) = default;
  };
  struct Entry {
    std::uint32_t id = 0;
    std::uint32_t first_piece = 0;
    std::uint16_t pieces = 0;
    std::uint8_t before = 0;  // so many bytes at least, and after
    std::uint8_t after = 0;
    bool sure = false;
    std::array<std::uint8_t, 3> unused{};  // without it, any bytes would stand here in an archive

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  // A phrase by its anchor, with all that most of them need: these are read all over the place,
  // and each step aside is a cache line.
  struct Anchor {
    std::uint32_t hash = 0;
    std::uint32_t phrase = 0;  // of a plain one: its id
    std::uint32_t text = 0;    // of its piece
    std::uint16_t size = 0;
    std::uint8_t offset = 0;  // in the piece
    bool plain = false;       // sure, one piece, without \b

    friend bool operator==(const Anchor&, const Anchor&) = default;
  };
  // The bytes at a place, as a mark in a bitmap. Sized so that they stay in the nearest cache
  // and one place in twenty looks marked by chance.
  template <unsigned bits>
  struct Marks {
    std::array<std::uint64_t, (std::size_t{1} << bits) / 64> words{};

    void Set(std::uint32_t hash) { words[hash >> (38 - bits)] |= Mask(hash); }
    bool Has(std::uint32_t hash) const {
      const std::uint64_t mask = Mask(hash);
      return (words[hash >> (38 - bits)] & mask) == mask;
    }
    // Two bits of one word: the same memory as one bit, and a third of the places that look marked.
    static std::uint64_t Mask(std::uint32_t hash) {
      return std::uint64_t{1} << (hash >> (32 - bits) & 63) | std::uint64_t{1} << (hash & 63);
    }
    friend bool operator==(const Marks&, const Marks&) = default;
  };

  static std::uint32_t BucketOf(std::uint32_t hash) { return hash >> (32 - kBucketBits); }

  // Where anchors seem to stand. They are collected without a branch, which nobody could foresee,
  // and then fetched all at once, for their memory is seldom near.
  // Without initial values, as a Candidate below: clearing the lists would take longer than the
  // rest.
  struct Sighting {
    std::uint32_t hash;
    std::uint32_t at;
  };
  struct Sightings {
    std::array<Sighting, 64> list;
    std::size_t count = 0;

    template <typename MarksOf>
    void AddIf(const MarksOf& marks, std::size_t at, std::uint32_t hash) {
      list[count] = {hash, static_cast<std::uint32_t>(at)};
      count += marks.Has(hash) ? 1 : 0;
    }
    bool full() const { return count + 2 > list.size(); }
  };

  // An anchor that does stand there.
  struct Candidate {
    const Anchor* anchor;
    std::size_t at;
  };
  struct Candidates {
    std::array<Candidate, 64> list;
    std::size_t count = 0;

    void AddIf(const Anchor& anchor, const Sighting& seen) {
      list[count] = {&anchor, seen.at};
      count += anchor.hash == seen.hash ? 1 : 0;
    }
    bool full() const { return count == list.size(); }
  };

  // Phrases of several pieces that this text was searched for: wherever their anchor stands, the
  // answer is the same, and the search goes through all of the text. More than these are searched
  // for again.
  struct Asked {
    std::array<std::uint32_t, 256> list;
    std::size_t count = 0;

    // False: it was there already.
    bool Add(std::uint32_t phrase) {
      const auto end = list.begin() + static_cast<std::ptrdiff_t>(std::min(count, list.size()));
      if (std::find(list.begin(), end, phrase) != end) return false;
      list[count++ % list.size()] = phrase;
      return true;
    }
  };

  template <typename Sink>
  void Settle(const FoldedText& text, Sightings& sightings, Asked& asked, Sink& sink) const {
    const auto all = std::span(sightings.list).first(sightings.count);
    sightings.count = 0;
    for (const Sighting& seen : all) __builtin_prefetch(&buckets_[BucketOf(seen.hash)]);
    for (const Sighting& seen : all) {
      __builtin_prefetch(anchors_.data() + buckets_[BucketOf(seen.hash)]);
    }
    Candidates candidates;
    for (const Sighting& seen : all) {
      const std::uint32_t bucket = BucketOf(seen.hash);
      for (std::uint32_t i = buckets_[bucket]; i < buckets_[bucket + 1]; ++i) {
        candidates.AddIf(anchors_[i], seen);
        if (candidates.full()) CompareAll(text, candidates, asked, sink);
      }
    }
    CompareAll(text, candidates, asked, sink);
  }

  template <typename Sink>
  void CompareAll(const FoldedText& text, Candidates& candidates, Asked& asked, Sink& sink) const {
    const auto all = std::span(candidates.list).first(candidates.count);
    candidates.count = 0;
    for (const Candidate& one : all) __builtin_prefetch(text_.data() + one.anchor->text);
    for (const Candidate& one : all) Compare(text, *one.anchor, one.at, asked, sink);
  }

  // memcmp by eights, in place: a call for each candidate would cost more than most comparisons.
  static bool AreSame(const char* a, const char* b, std::size_t size) {
    if (size < kLong) return std::memcmp(a, b, size) == 0;
    for (std::size_t at = 0; at + kLong < size; at += kLong) {
      if (EightAt(a + at) != EightAt(b + at)) return false;
    }
    return EightAt(a + size - kLong) == EightAt(b + size - kLong);
  }
  static std::uint64_t EightAt(const char* bytes) {
    std::uint64_t window = 0;
    std::memcpy(&window, bytes, sizeof window);
    return window;
  }

  template <typename Sink>
  void Compare(const FoldedText& text, const Anchor& anchor, std::size_t at, Asked& asked,
               Sink& sink) const {
    const std::size_t start = at - anchor.offset;
    if (start > at || start + anchor.size > text.size()) return;
    if (!AreSame(text.data() + start, text_.data() + anchor.text, anchor.size)) return;
    if (anchor.plain) return sink(anchor.phrase, true);
    const Entry& phrase = phrases_[anchor.phrase];
    if (phrase.pieces > 1 && !asked.Add(anchor.phrase)) return;
    if (HoldsAt(text, start, phrase)) sink(phrase.id, phrase.sure);
  }

  static constexpr unsigned kLong = WindowCounts::kLong;
  static constexpr unsigned kShort = WindowCounts::kShort;
  static constexpr unsigned kBucketBits = 14;

  bool ReadPieces(std::span<const PhraseItem> items, bool sure);
  bool ReadBoundary(std::span<const PhraseItem> rest, Piece& piece) const;
  bool HoldsAt(const FoldedText& text, std::size_t at, const Entry& phrase) const;
  static bool BoundariesHold(std::string_view text, std::size_t at, const Piece& piece);
  std::size_t FindPiece(std::string_view text, const Piece& piece, std::size_t from) const;
  struct Rarity;
  struct Rarest;
  void Weigh(const Entry& phrase, std::uint32_t number, const Piece& piece, unsigned width,
             const Rarity& rarity, Rarest& best) const;
  Rarest RarestAnchor(std::uint32_t number, const Rarity& rarity) const;

  StoredList<char> text_;  // of all pieces, in lower case
  StoredList<Piece> pieces_;
  StoredList<Entry> phrases_;
  StoredList<Anchor> anchors_;         // by hash
  StoredList<std::uint32_t> buckets_;  // by the first bits of a hash: its first anchor
  Marks<18> long_;
  Marks<15> short_;
};

}  // namespace bouncesight
