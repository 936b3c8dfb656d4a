// A reply as the patterns see it: its words, with everything that is not words masked, and its
// links.
//
// "550-5.1.1 <ann@example.com>: no such  user\n550 5.1.1 see https://example.net/help" becomes the
// words "{addr}: no such user see {url}" and the link "https://example.net/help". So a pattern
// never matches inside an address, host name, URL, IP address or id, and folded lines read as one.
// Letters beyond ASCII lose capitals and accents (letter_fold.h), in patterns, too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bouncesight {

// The bytes that stand for masked things in the words. Control bytes of the reply become blanks, so
// these cannot come from it.
enum class Mask : char { kAddr = 1, kUrl = 2, kIp = 3, kHost = 4, kId = 5, kName = 6 };

// Writes each mask as a rule's author writes it: "{addr}".
std::string SpellMasks(std::string_view words);
// The other way round, for patterns. An unknown {word} is left and named in `unknown`.
std::string PlaceMasks(std::string_view pattern, std::string& unknown);

// Fixed scratch of some 8 KiB, made once per worker.
class ReplyText {
 public:
  static constexpr std::size_t kMaxBytes = 4096;  // of a reply; what follows is not looked at

  // Reads a reply. One pass, no allocation.
  void Read(std::string_view reply);

  // As Read left it when it gave these: they were views of another one.
  void Restore(std::string_view words, std::string_view links);

  // Masks each of `names` (lower case) wherever it stands as whole words: a list called "NiX Spam"
  // says nothing of what the message holds. For few names and rare replies: it looks for each.
  void MaskNames(std::span<const std::string> names);

  // Views of this object, valid until the next Read.
  std::string_view words() const { return {words_.data(), words_size_}; }
  // URLs and host names, each followed by a newline.
  std::string_view links() const { return {links_.data(), links_size_}; }

 private:
  void ReadBlank();
  void ReadEscape();
  void ReadRun();
  void ReadDottedRun(std::string_view run);
  void ReadCode(std::string_view run);
  void ReadSign(char c);
  void ReadAt();
  void ReadHigh();
  bool ReadLetter();
  bool ReadUrl(std::size_t scheme);
  bool ReadIpv6();
  bool ReadQuotedAddress();
  bool SkipHashCode();
  bool AtCode(std::string_view run) const;

  void Put(char c);
  void Copy(std::size_t count);                 // from the input
  void PutMask(Mask mask, std::size_t length);  // for `length` bytes of input
  void AddLink(std::string_view link);
  void MarkToken() {  // an address can start at the next byte
    token_at_ = at_;
    token_words_ = words_size_;
    token_links_ = links_size_;
  }
  std::string_view rest() const { return input_.substr(at_); }
  char peek(std::size_t ahead) const {
    return at_ + ahead < input_.size() ? input_[at_ + ahead] : '\0';
  }

  std::string_view input_;
  std::size_t at_ = 0;
  std::size_t words_size_ = 0;
  std::size_t links_size_ = 0;
  // Where the token began that would be the local part if an @ follows.
  std::size_t token_at_ = 0;
  std::size_t token_words_ = 0;
  std::size_t token_links_ = 0;
  bool line_start_ = true;      // nothing but blanks since the start of a line
  bool after_code_ = false;     // a reply code was just dropped: an enhanced code may follow
  std::array<char, 3> code_{};  // the first reply code; its repetitions mark continuation lines

  std::array<char, kMaxBytes + 8> words_;
  std::array<char, kMaxBytes + 8> links_;
};

}  // namespace bouncesight
