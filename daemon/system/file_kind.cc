#include "daemon/system/file_kind.h"

#include <algorithm>
#include <array>

#include "daemon/system/shell_word.h"

namespace bouncesight {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kTarMagic = 257;

struct Kind {
  std::string_view magic;
  std::string_view text;  // PATH stands for the file
};

constexpr std::string_view kEncrypted =
    "is encrypted: decrypt it first, as `gpg -d PATH | bouncesight report -` does";
constexpr std::string_view kUtf16 =
    "is UTF-16: convert it first, as `iconv -f UTF-16 -t UTF-8 PATH | bouncesight report -` does";
constexpr std::string_view kMessage =
    "is mail, no log: `bouncesight explain PATH` reads one message, as a bounce";

constexpr std::array kKinds = {
    Kind{"LPKSHHRH"sv,
         "is a journal file of systemd: `journalctl --file PATH | bouncesight report -` reads it, "
         "or `type: journal` with its folder as `directory`"},
    Kind{"7z\xbc\xaf\x27\x1c"sv, "is a 7z archive: unpack it first, as `7z x PATH` does"},
    Kind{"Rar!\x1a\x07"sv, "is a RAR archive: unpack it first, as `unrar x PATH` does"},
    Kind{"\x89LZO\0\r\n"sv, "is packed by lzop: unpack it first, as `lzop -d PATH` does"},
    Kind{"Salted__"sv, "is encrypted: decrypt it first, as `openssl enc -d` does"},
    Kind{"-----BEGIN PGP MESSAGE-----"sv, kEncrypted},
    Kind{"\x8c\x0d\x04"sv, kEncrypted},  // RFC 4880, 5.3: a session key under a password
    Kind{"age-encryption.org/"sv, "is encrypted: decrypt it first, as `age -d` does"},
    Kind{"\xff\xfe"sv, kUtf16},
    Kind{"\xfe\xff"sv, kUtf16},
    Kind{"Return-Path: <"sv, kMessage},
    Kind{"Received: from "sv, kMessage},
};

// RFC 4880, 5.1: a session key, version 3, under a public key.
bool IsPgpForKey(std::string_view head) {
  const bool two = head.starts_with("\x85") && head.size() > 3 && head[3] == 3;
  const bool one = head.starts_with("\x84") && head.size() > 2 && head[2] == 3;
  return one || two;
}

// Text in which every other byte is NUL, without a mark in front.
std::string_view Utf16Name(std::string_view head) {
  constexpr std::size_t kLooked = 16;
  if (head.size() < kLooked) return {};
  std::array<std::size_t, 2> nuls{};
  for (std::size_t i = 0; i < kLooked; ++i) nuls[i % 2] += head[i] == '\0' ? 1U : 0U;
  if (nuls[0] == 0 && nuls[1] == kLooked / 2) return "UTF-16LE";
  return nuls[1] == 0 && nuls[0] == kLooked / 2 ? "UTF-16BE"sv : ""sv;
}

// RFC 4155: "From ann@example.org Sat Nov 28 01:00:00 2026", and a header behind it.
bool LooksLikeMailbox(std::string_view head) {
  if (!head.starts_with("From ")) return false;
  const std::size_t line = head.find('\n');
  if (line == std::string_view::npos) return false;
  const std::string_view next = head.substr(line + 1);
  const std::size_t colon = next.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         next.substr(0, colon).find_first_of(" \t\n") == std::string_view::npos;
}

// The flags of its first member say so (APPNOTE.TXT 4.4.4, bit 0).
bool IsZipWithPassword(std::string_view head) {
  constexpr std::size_t kFlags = 6;
  return head.starts_with("PK\x03\x04") && head.size() > kFlags && (head[kFlags] & 1) != 0;
}

std::string With(std::string_view text, const std::string& path) {
  std::string whole(text);
  const std::size_t at = whole.find("PATH");
  return at == std::string::npos ? whole : whole.replace(at, 4, ShellWord(path));
}

}  // namespace

bool LooksLikeZip(std::string_view head) {
  return head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06");
}

bool LooksLikeTar(std::string_view head) {
  return head.size() > kTarMagic && head.substr(kTarMagic).starts_with("ustar");
}

std::string NoLogText(const std::string& path, std::string_view head) {
  const auto kind =
      std::ranges::find_if(kKinds, [&](const Kind& each) { return head.starts_with(each.magic); });
  if (kind != kKinds.end()) return With(kind->text, path);
  if (IsPgpForKey(head)) return With(kEncrypted, path);
  if (IsZipWithPassword(head)) {
    return With("is a zip archive with a password: unpack it first, as `unzip PATH` does", path);
  }
  if (LooksLikeMailbox(head)) {
    return "is a mailbox, no log: `bouncesight explain` tells of each of its messages";
  }
  const std::string_view utf16 = Utf16Name(head);
  if (utf16.empty()) return {};
  std::string text = With(kUtf16, path);
  return text.replace(text.find("-f UTF-16") + 3, 6, utf16);
}

std::string NoFollowText(const std::string& path, std::string_view head) {
  if ((LooksLikeZip(head) || LooksLikeTar(head)) && !IsZipWithPassword(head)) {
    return "is an archive: `bouncesight report " + ShellWord(path) +
           "` reads it; name the logs themselves";
  }
  return NoLogText(path, head);
}

}  // namespace bouncesight
