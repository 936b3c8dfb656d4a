#include "parsers/mta/exim_reject.h"

#include <string>

#include <gtest/gtest.h>

#include "parsers/mta/exim.h"
#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

std::string Text(std::string_view tail) {
  return ParseBare(&ParseExim, std::string("2026-03-04 05:06:07 ").append(tail));
}

class EximRejected : public testing::TestWithParam<Sample> {};

TEST_P(EximRejected, IsRead) { EXPECT_EQ(Text(GetParam().line), GetParam().expected); }

constexpr Sample kRejects[] = {
    {"Recipient",
     "H=pc.example.net (helo name) [192.0.2.7]:34078 I=[192.0.2.1]:25 X=TLS1.2:a:256 CV=no "
     "A=plain:ann F=<s@example.net> rejected RCPT <bob@example.com>: relay not permitted",
     "rejected to=bob@example.com relay=pc.example.net[192.0.2.7]:34078 phase=rcpt reply=relay not "
     "permitted"},
    {"TemporaryWithCode",
     "H=(pc) [192.0.2.7] F=<> temporarily rejected RCPT <\"a > b\"@example.com>: 451 4.7.1 wait: 5 "
     "minutes",
     "rejected to=\"a > b\"@example.com relay=[192.0.2.7] code=451 4.7.1 phase=rcpt reply=451 "
     "4.7.1 "
     "wait: 5 minutes"},
    {"RecipientWithoutBrackets", "H=[192.0.2.7] F=<> rejected RCPT bob@example.com: no",
     "rejected to=bob@example.com relay=[192.0.2.7] phase=rcpt reply=no"},
    {"Sender", "H=[192.0.2.7] rejected MAIL <s@example.net>: not welcome",
     "rejected relay=[192.0.2.7] phase=mail reply=not welcome"},
    {"Helo", "H=(pc) [192.0.2.7] rejected EHLO or HELO pc: listed",
     "rejected relay=[192.0.2.7] phase=ehlo reply=listed"},
    {"Connection", "H=[192.0.2.7] rejected connection in \"connect\" ACL: listed",
     "rejected relay=[192.0.2.7] phase=connect reply=listed"},
    {"Content", "1vQr5t-0001bo-D3 H=(pc) [192.0.2.7] F=<s@example.net> rejected after DATA: virus",
     "rejected relay=[192.0.2.7] phase=end_of_data reply=virus"},
    {"Mime", "1vQr5t-0001bo-D3 H=(pc) [192.0.2.7] rejected during MIME ACL checks: exe",
     "rejected relay=[192.0.2.7] phase=end_of_data reply=exe"},
    {"LocalScan", "1vQr5t-0001bo-D3 F=s@example.net U=ann P=local rejected by local_scan(): no\\n",
     "rejected phase=end_of_data reply=no"},
    {"TooBig",
     "1vQr5t-0001bo-D3 rejected from <s@example.net> H=pc.example.net [192.0.2.7]: message too "
     "big: "
     "read=10 max=5",
     "rejected phase=end_of_data reply=message too big: read=10 max=5"},
    {"WithoutAText", "U=ann F=<s@example.net> rejected RCPT <bob@example.com>",
     "rejected to=bob@example.com phase=rcpt"},
};

INSTANTIATE_TEST_SUITE_P(Lines, EximRejected, testing::ValuesIn(kRejects), SampleName);

class EximRefusalOfNoMail : public testing::TestWithParam<std::string_view> {};

TEST_P(EximRefusalOfNoMail, IsNoEvent) { EXPECT_EQ(Text(GetParam()), "skip: not_delivery"); }

INSTANTIATE_TEST_SUITE_P(
    Lines, EximRefusalOfNoMail,
    testing::Values("H=[192.0.2.7] rejected VRFY ann: no", "H=[192.0.2.7] rejected ETRN #x",
                    "H=(pc) [192.0.2.7] rejected AUTH", "H=[192.0.2.7] rejected STARTTLS",
                    "H=(pc) [192.0.2.7] sender verify fail for <s@example.net>: no such domain",
                    "H=(rejected RCPT <a@example.com>: x) [192.0.2.7] closed by DROP in ACL",
                    "plain authenticator failed for (pc) [192.0.2.7]: 535 Incorrect data",
                    "SMTP protocol synchronization error (next input sent too soon): rejected "
                    "\"RCPT TO:<a@example.com>\" H=[192.0.2.7]"));

}  // namespace
}  // namespace bouncesight
