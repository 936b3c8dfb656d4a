// A reply in a text of no known form: a program's exception, a debug log, a mail client's message
// in any language.
//
//   {'ann@example.com': (550, b'5.1.1 no such user')}                  Python
//   Expected response code "250" but got code "550", with message "550 5.1.1 …"    Symfony, Swift
//   {"responseCode":550,"response":"550 5.1.1 no such user"}
//   Mailbox unavailable. The server response was: 5.1.1 no such user               .NET
//   Resposta do Servidor: '550 … Retransmissão Negada', Porta: 25
#pragma once

#include <string_view>

#include "parsers/reason/reason.h"

namespace bouncesight {

// The first 4dd or 5dd that stands alone and is followed by an enhanced code of its class or by
// words. Numbers that somebody expected, and those of lines, ports and amounts, are none. .NET
// leaves the code out. Fills `reason` and gives true; false: there is none. Linear; does not
// allocate.
bool FindLooseReply(std::string_view text, Reason& reason);

// PHPMailer tells the words before the codes, so no reply begins at them:
//
//   … Detail: no such user SMTP code: 550 Additional SMTP info: 5.1.1
//   … Details: no such user SMTP-Fehlercode: 550
//
// Fills `reason` and gives true; false: `text` is no such. Linear; does not allocate.
bool FindDetailedReply(std::string_view text, Reason& reason);

}  // namespace bouncesight
