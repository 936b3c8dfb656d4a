#include "parsers/text/charset_guess.h"

#include <cstddef>

#include "parsers/text/ascii.h"
#include "parsers/text/charset.h"

namespace bouncesight {
namespace {

unsigned ByteAt(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool IsHigh(unsigned byte) { return byte >= 0x80; }

// How a text reads as UTF-8: sequences of two bytes and more, and bytes that belong to none.
struct Utf8Count {
  std::size_t sequences = 0;
  std::size_t strays = 0;
};

Utf8Count CountUtf8(std::string_view text) {
  Utf8Count count;
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    if (length == 0) {
      if (text.size() < 4 && ByteAt(text, 0) >= 0xC2) break;  // cut in the middle of a character
      ++count.strays;
    } else if (length > 1) {
      ++count.sequences;
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return count;
}

// How it reads as pairs of a lead byte and a trail byte.
struct PairCount {
  std::size_t pairs = 0;
  std::size_t strays = 0;       // upper-half bytes that start no pair
  std::size_t low_trails = 0;   // trail bytes below 0x80: usual in Big5, absent from GB2312
  std::size_t common_gb = 0;    // GB2312's first level and its punctuation
  std::size_t common_big5 = 0;  // Big5's first level and its punctuation
};

PairCount CountPairs(std::string_view text) {
  PairCount count;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const unsigned lead = ByteAt(text, at);
    if (!IsHigh(lead)) continue;
    const unsigned trail = ByteAt(text, at + 1);
    const bool pair = lead > 0x80 && lead < 0xFF && trail >= 0x40 && trail != 0x7F && trail < 0xFF;
    if (!pair) {
      ++count.strays;
      continue;
    }
    ++count.pairs;
    ++at;
    if (!IsHigh(trail)) ++count.low_trails;
    if (trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xD7) || lead == 0xA1 || lead == 0xA3)) {
      ++count.common_gb;
    }
    if ((trail < 0x7F || trail >= 0xA1) && ((lead >= 0xA4 && lead <= 0xC6) || lead == 0xA1)) {
      ++count.common_big5;
    }
  }
  return count;
}

// Letters of the upper half, each between other letters: "Empfänger", "größer".
bool LooksLikeLatin1(std::string_view text) {
  std::size_t high = 0;
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const unsigned byte = ByteAt(text, at);
    if (IsLetter(text[at])) ++letters;
    if (!IsHigh(byte)) continue;
    if (byte < 0xA0) return false;
    ++high;
  }
  return high > 0 && high * 4 <= letters + high;
}

bool MostOf(std::size_t part, std::size_t whole) { return part * 3 >= whole * 2; }

}  // namespace

Encoding GuessEncoding(std::string_view text) {
  const Utf8Count utf8 = CountUtf8(text);
  if (utf8.strays * 4 <= utf8.sequences) return Encoding::kUtf8;
  const PairCount pairs = CountPairs(text);
  const bool paired = pairs.pairs > 0 && pairs.strays * 8 <= pairs.pairs;
  const bool isolated = pairs.low_trails == pairs.pairs;  // each letter stands alone
  if (paired && !isolated) {
    if (pairs.low_trails == 0 && MostOf(pairs.common_gb, pairs.pairs)) return Encoding::kGb18030;
    if (MostOf(pairs.common_big5, pairs.pairs)) return Encoding::kBig5;
    if (MostOf(pairs.common_gb, pairs.pairs)) return Encoding::kGb18030;
  }
  if (LooksLikeLatin1(text)) return Encoding::kLatin1;
  return Encoding::kUtf8;
}

}  // namespace bouncesight
