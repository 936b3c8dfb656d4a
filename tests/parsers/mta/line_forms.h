// Forms of lines, of every format that the list has: results, refusals, and what else stands in
// such logs. `$` and a letter stand for what differs from line to line (LineGenerator::Fill):
//
//   $q queue id   $a address   $h host   $i IP address   $n number   $c code   $r reply
//   $j the reply within JSON   $u with underscores for blanks, as qmail has it
#pragma once

#include <span>
#include <string_view>

namespace bouncesight {

struct LineForm {
  std::string_view program;  // empty: such lines stand alone, without a header of syslog's
  std::string_view text;
};

std::span<const LineForm> AllLineForms();

}  // namespace bouncesight
