// The middle of an Exim line: an address and the KEY=value fields behind it.
//
//   ADDR [(PARENT)] [<ORIGINAL>] [F=<S>] [P=<S>] [R=..] [T=..] [H=HOST (HELO) [IP]:PORT*] [I=[..]]
//   [X=..] [CV=..] [DN=".."] [C=".."] [QT=..] [DT=..]
//
// Exim prints ADDR without its quotes, so it may hold blanks, and in place of an address there may
// be a pipe command, a file name or ":blackhole:". (Exim specification, "Log files", "Summary of
// fields in log lines"; src/deliver.c.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bouncesight {

// Takes the address off the start of `text`. The address as delivered; the original one where that
// is not an address (a pipe, a file, a local part alone); empty if there is neither.
std::string_view TakeEximAddress(std::string_view& text);

// Views into the text given.
struct EximFields {
  std::string_view host;
  std::string_view helo;
  std::string_view ip;
  std::string_view transport;     // T=
  std::string_view confirmation;  // C="250 …", the remote server's last word
  std::string_view sender;        // F=, "<>" for the null sender
  // Of an arrival: A=, U=, P=, R= and S=.
  std::string_view authenticated, user, protocol, reference, size;
  std::uint16_t port = 0;
  double queue_seconds = -1;    // QT=
  double deliver_seconds = -1;  // DT=
};

// Takes the fields at the start of `text` off it, up to what is not a field: ": TEXT", " : TEXT",
// "defer (…)", "rejected …". Leading blanks go too.
EximFields TakeEximFields(std::string_view& text);

// Where the first " KEY=" stands in `text`; npos without one.
std::size_t FindEximField(std::string_view text);

// Takes trailing " DT=…" and " QT=…" off a failure's text, where Exim puts them behind the remote
// host's words.
std::string_view DropEximTrailer(std::string_view text);

}  // namespace bouncesight
