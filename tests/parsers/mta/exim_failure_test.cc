// "**" and "==" lines: whose address, which host, which reply, which outcome.
#include <string>

#include <gtest/gtest.h>

#include "parsers/mta/exim.h"
#include "tests/parsers/mta/event_text.h"

namespace bouncesight {
namespace {

std::string Text(std::string_view tail) {
  return ParseBare(&ParseExim, std::string("2026-03-04 05:06:07 1vQr5t-0001bo-D3 ").append(tail));
}

class EximFailure : public testing::TestWithParam<Sample> {};

TEST_P(EximFailure, IsRead) { EXPECT_EQ(Text(GetParam().line), GetParam().expected); }

constexpr Sample kBounces[] = {
    {"RemoteReply",
     "** bob@example.com R=dnslookup T=remote_smtp H=mx.example.com [192.0.2.9]: SMTP error from "
     "remote mail server after RCPT TO:<bob@example.com>: 550 5.1.1 <bob@example.com>: no such "
     "user",
     "bounced to=bob@example.com relay=mx.example.com[192.0.2.9] code=550 5.1.1 phase=rcpt remote "
     "reply=550 5.1.1 <bob@example.com>: no such user"},
    {"SeparatorOf499",
     "** bob@example.com R=r T=t H=mx.example.com [192.0.2.9] : SMTP error from remote mail server "
     "after MAIL FROM:<s@example.net> SIZE=1834: 553 5.1.8 who are you",
     "bounced to=bob@example.com relay=mx.example.com[192.0.2.9] code=553 5.1.8 phase=mail remote "
     "reply=553 5.1.8 who are you"},
    {"HostInTheTextUpTo484",
     "** bob@example.com R=r T=t: SMTP error from remote mail server after end of data: host "
     "mx.example.com [192.0.2.9]: 554 5.7.1 spam",
     "bounced to=bob@example.com relay=mx.example.com[192.0.2.9] code=554 5.7.1 phase=end_of_data "
     "remote reply=554 5.7.1 spam"},
    {"TextOfExim3",
     "** bob@example.com R=r T=t: SMTP error from remote mailer after RCPT TO:<bob@example.com>: "
     "host mx.example.com [192.0.2.9]: 550 gone",
     "bounced to=bob@example.com relay=mx.example.com[192.0.2.9] code=550 phase=rcpt remote "
     "reply=550 gone"},
    {"DeliveryTimeBehindTheReply",
     "** bob@example.com F=<> R=r T=t H=mx.example.com [192.0.2.9]:25 I=[192.0.2.1]:1 "
     "X=TLS1.3:A_B:256 CV=no DN=\"CN=x: y\": SMTP error from remote mail server after DATA: 554 no "
     "DT=1m2s",
     "bounced to=bob@example.com relay=mx.example.com[192.0.2.9]:25 code=554 phase=data remote "
     "reply=554 no"},
    {"NoRouter", "** bob@example.com F=<>: Unrouteable address DT=0.000s",
     "bounced to=bob@example.com reply=Unrouteable address"},
    {"NoBlankBehindTheFlag", "**bob@example.com : Unrouteable address",
     "bounced to=bob@example.com reply=Unrouteable address"},
    {"BlankInTheAddress",
     "** with blank@example.com <\"with blank\"@example.com> R=r T=t H=m.example.com [192.0.2.9]: "
     "SMTP error from remote mail server after RCPT TO:<\"with > blank\"@example.com>: 550 no",
     "bounced to=with blank@example.com relay=m.example.com[192.0.2.9] code=550 phase=rcpt remote "
     "reply=550 no"},
    {"AllParents", "** bob@example.com (list@example.org) <all@example.org> R=r: no (x) <y> R=z",
     "bounced to=bob@example.com reply=no (x) <y> R=z"},
    {"PipeCommand",
     "** |/bin/sh -c 'exit 67: x' <pipe@example.org> R=p T=address_pipe: Child process of "
     "address_pipe transport returned 67 (could mean user nonexistent) from command: /bin/sh",
     "bounced to=pipe@example.org reply=Child process of address_pipe transport returned 67 (could "
     "mean user nonexistent) from command: /bin/sh"},
    {"CodeInAnOperatorsText", "** bob@example.com R=r: 550 5.2.1 closed on request",
     "bounced to=bob@example.com code=550 5.2.1 reply=550 5.2.1 closed on request"},
    {"Lmtp",
     "** bob@example.com R=r T=lmtp: LMTP error after RCPT TO:<bob@example.com>: 550 5.1.1 no",
     "bounced to=bob@example.com code=550 5.1.1 phase=rcpt remote reply=550 5.1.1 no"},
    {"Dane", "** bob@example.com R=r T=t : DANE error: tlsa lookup FAIL",
     "bounced to=bob@example.com phase=tls reply=DANE error: tlsa lookup FAIL"},
    {"ReplyThatImitatesALine",
     "** bob@example.com R=r T=t H=mx.example.com [192.0.2.9]: SMTP error from remote mail server "
     "after RCPT TO:<bob@example.com>: 550 x R=y H=evil [203.0.113.1] defer (-1): retry time not "
     "reached, after a long failure period",
     "bounced to=bob@example.com relay=mx.example.com[192.0.2.9] code=550 phase=rcpt remote "
     "reply=550 x R=y H=evil [203.0.113.1] defer (-1): retry time not reached, after a long "
     "failure "
     "period"},
    {"NoText", "** bob@example.com R=r T=t", "bounced to=bob@example.com"},
};

INSTANTIATE_TEST_SUITE_P(Bounced, EximFailure, testing::ValuesIn(kBounces), SampleName);

constexpr Sample kExpiries[] = {
    {"AddressAlone", "** bob@example.com: retry timeout exceeded",
     "expired to=bob@example.com reply=retry timeout exceeded"},
    {"BehindTheReason",
     "** bob@example.com R=r T=t: SMTP error from remote mail server after RCPT "
     "TO:<bob@example.com>: host mx.example.com [192.0.2.9]: 451 4.7.1 later: retry timeout "
     "exceeded",
     "expired to=bob@example.com relay=mx.example.com[192.0.2.9] code=451 4.7.1 phase=rcpt remote "
     "reply=451 4.7.1 later"},
    {"AllHostsFailing",
     "** bob@example.com R=r T=t: all hosts for 'example.com' have been failing for a long time "
     "(and retry time not reached)",
     "expired to=bob@example.com reply=all hosts for 'example.com' have been failing for a long "
     "time (and retry time not reached)"},
    {"LongFailurePeriod",
     "** bob@example.com R=r T=t: retry time not reached for any host after a long failure period",
     "expired to=bob@example.com reply=retry time not reached for any host after a long failure "
     "period"},
};

INSTANTIATE_TEST_SUITE_P(Expired, EximFailure, testing::ValuesIn(kExpiries), SampleName);

constexpr Sample kDeferrals[] = {
    {"RemoteReply",
     "== bob@example.com R=r T=t defer (-44) H=mx.example.com [192.0.2.9]*: SMTP error from remote "
     "mail server after RCPT TO:<bob@example.com>: 452 4.2.2 full",
     "deferred to=bob@example.com relay=mx.example.com[192.0.2.9] code=452 4.2.2 phase=rcpt remote "
     "reply=452 4.2.2 full"},
    {"LogSelectorAll",
     "== bob@example.com Q=slow R=r T=t defer (-45) H=mx.example.com [192.0.2.9]:25 "
     "I=[192.0.2.1]:40106 DT=0.000s: SMTP error from remote mail server after pipelined MAIL "
     "FROM:<s@example.net>: 450 wait",
     "deferred to=bob@example.com relay=mx.example.com[192.0.2.9]:25 code=450 phase=mail remote "
     "reply=450 wait"},
    {"HostInTheTextUpTo484",
     "== bob@example.com R=r T=t defer (-44): SMTP error from remote mail server after RCPT "
     "TO:<bob@example.com>: host mx.example.com [192.0.2.9]: 450 4.3.2 mail bomb, wait",
     "deferred to=bob@example.com relay=mx.example.com[192.0.2.9] code=450 4.3.2 phase=rcpt remote "
     "reply=450 4.3.2 mail bomb, wait"},
    {"RefusedOnLinux", "== bob@example.com R=r T=t defer (111): Connection refused",
     "deferred to=bob@example.com phase=connect reply=Connection refused"},
    {"TimedOutOnFreeBsd", "==bob@example.com R=r T=t defer (60): Operation timed out",
     "deferred to=bob@example.com phase=connect reply=Operation timed out"},
    {"SystemWordsBeforeTheHost",
     "== bob@example.com R=r T=t defer (110): Connection timed out H=mx.example.com [192.0.2.9]: "
     "SMTP timeout after end of data (254 bytes written)",
     "deferred to=bob@example.com relay=mx.example.com[192.0.2.9] phase=end_of_data reply=SMTP "
     "timeout after end of data (254 bytes written)"},
    {"TimeoutUpTo484",
     "== bob@example.com R=r T=t defer (110): Connection timed out: SMTP timeout while connected "
     "to "
     "mx.example.com [192.0.2.9] after DATA",
     "deferred to=bob@example.com relay=mx.example.com[192.0.2.9] phase=data reply=SMTP timeout "
     "while connected to mx.example.com [192.0.2.9] after DATA"},
    {"ClosedUpTo484",
     "== bob@example.com R=r T=t defer (-18): Remote host mx.example.com [192.0.2.9] closed "
     "connection in response to initial connection",
     "deferred to=bob@example.com relay=mx.example.com[192.0.2.9] phase=connect reply=Remote host "
     "mx.example.com [192.0.2.9] closed connection in response to initial connection"},
    {"ClosedAfterARefusedEhlo",
     "== bob@example.com R=r T=t defer (-18) H=m.example.com [192.0.2.9]: Remote host closed "
     "connection in response to HELO us.example.net (EHLO response was: 554 5.7.1 go away)",
     "deferred to=bob@example.com relay=m.example.com[192.0.2.9] code=554 5.7.1 phase=ehlo remote "
     "reply=554 5.7.1 go away"},
    {"MalformedReplyWithoutWords",
     "== bob@example.com R=r T=t defer (-19) H=m.example.com [192.0.2.9]: Malformed SMTP reply (an "
     "empty line) in response to pipelined RCPT TO:<bob@example.com>",
     "deferred to=bob@example.com relay=m.example.com[192.0.2.9] phase=rcpt reply=Malformed SMTP "
     "reply (an empty line) in response to pipelined RCPT TO:<bob@example.com>"},
    {"MalformedReplyThatIsNoReply",
     "== bob@example.com R=r T=t defer (-19) H=m.example.com [192.0.2.9]: Malformed SMTP reply in "
     "response to RCPT TO:<bob@example.com>: what?",
     "deferred to=bob@example.com relay=m.example.com[192.0.2.9] phase=rcpt reply=Malformed SMTP "
     "reply in response to RCPT TO:<bob@example.com>: what?"},
    {"SystemWordsBeforeAField",
     "== bob@example.com R=r T=t defer (111): Connection refused DT=0.000s",
     "deferred to=bob@example.com phase=connect reply=Connection refused"},
    {"SystemWordsBeforeAFieldAndAText",
     "== bob@example.com R=r T=t defer (2): No such file or directory DT=0.015s: creating lock "
     "file",
     "deferred to=bob@example.com reply=creating lock file"},
    {"Tls",
     "== bob@example.com R=r T=t defer (-38) H=m.example.com [192.0.2.9]: a TLS session is "
     "required, but the server did not offer TLS support",
     "deferred to=bob@example.com relay=m.example.com[192.0.2.9] phase=tls reply=a TLS session is "
     "required, but the server did not offer TLS support"},
    {"RouterOnly", "== bob@example.com R=r defer (-1): host lookup did not complete",
     "deferred to=bob@example.com phase=connect reply=host lookup did not complete"},
    {"NoText", "== bob@example.com R=r T=t defer (-1)", "deferred to=bob@example.com"},
    {"RemoteHostThatSpeaksOfRetries",
     "== bob@example.com R=r T=t defer (-44) H=m.example.com [192.0.2.9]: SMTP error from remote "
     "mail server after RCPT TO:<bob@example.com>: 451 retry time not reached",
     "deferred to=bob@example.com relay=m.example.com[192.0.2.9] code=451 phase=rcpt remote "
     "reply=451 retry time not reached"},
};

INSTANTIATE_TEST_SUITE_P(Deferred, EximFailure, testing::ValuesIn(kDeferrals), SampleName);

class EximSuspension : public testing::TestWithParam<std::string_view> {};

// The numbers moved by one in 4.95: the words decide.
TEST_P(EximSuspension, IsNoFailure) {
  const std::string text = Text("== bob@example.com " + std::string(GetParam()));
  EXPECT_EQ(text.substr(0, text.find(" reply=")), "suspended to=bob@example.com");
}

INSTANTIATE_TEST_SUITE_P(
    Lines, EximSuspension,
    testing::Values("routing defer (-51): retry time not reached",
                    "routing defer (-52): retry time not reached",
                    "R=r T=t defer (-53): retry time not reached for any host",
                    "R=r T=t defer (-54): retry time not reached for any host for 'example.com'",
                    "R=r T=t defer (-53): Retry time not yet reached",
                    "R=r T=t defer (-1): domain matches queue_smtp_domains, or -odqs set",
                    "R=r T=t defer (-1): first-pass only routing due to -odqs",
                    "R=r T=t defer (0): SMTP delivery explicitly queued",
                    "routing defer (-56): domain is in queue_domains",
                    "defer (-23): domain is held"));

}  // namespace
}  // namespace bouncesight
