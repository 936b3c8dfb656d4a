#include "tests/parsers/mta/line_forms.h"

namespace bouncesight {
namespace {

constexpr LineForm kForms[] = {
    // Postfix' refusals, and what looks like one
    {"postfix/smtpd",
     "NOQUEUE: reject: RCPT from $h[$i]: $r; from=<$a> to=<$a> proto=ESMTP helo=<pc>"},
    {"postfix/smtpd", "NOQUEUE: reject: CONNECT from $h[$i]: $r; proto=SMTP"},
    {"postfix/smtpd", "NOQUEUE: reject: EHLO from $h[$i]: $r; proto=SMTP helo=<a.example>"},
    {"postfix/smtpd", "NOQUEUE: reject: MAIL from $h[$i]: $r; from=<$a> proto=ESMTP helo=<pc>"},
    {"postfix/smtpd", "$q: reject: DATA from $h[$i]: $r; from=<$a> to=<$a> proto=ESMTP helo=<pc>"},
    {"postfix/smtpd", "NOQUEUE: reject: VRFY from $h[$i]: $r; to=<$a> proto=SMTP"},
    {"postfix/smtpd", "NOQUEUE: reject_warning: RCPT from $h[$i]: $r; from=<$a> to=<$a>"},
    {"postfix/smtpd", "NOQUEUE: hold: RCPT from $h[$i]: <$a>: held; from=<$a> to=<$a>"},
    {"postfix/smtpd", "proxy-reject: END-OF-MESSAGE: $r; from=<$a> to=<$a> proto=ESMTP helo=<pc>"},
    {"postfix/smtpd", "NOQUEUE: milter-reject: RCPT from $h[$i]: $r; from=<$a> to=<$a>"},
    {"postfix/postscreen",
     "NOQUEUE: reject: RCPT from [$i]:$n: $r; from=<$a>, to=<$a>, proto=ESMTP, helo=<pc>"},
    {"postfix/cleanup",
     "$q: reject: header Subject: x from $h[$i]; from=<$a> to=<$a> proto=ESMTP helo=<pc>: 5.7.1 "
     "no"},
    {"postfix/cleanup", "$q: milter-reject: END-OF-MESSAGE from $h[$i]: 5.7.1 $r; from=<$a>"},
    {"postfix/cleanup", "$q: message rejected: hopcount exceeded"},
    // and its other lines
    {"postfix/smtp",
     "$q: to=<$a>, relay=none, delay=$n, delays=0/0/$n/0, dsn=4.4.1, status=deferred (connect to "
     "$h[$i]:25: Connection refused)"},
    {"postfix/smtp",
     "$q: to=<$a>, relay=$h[$i]:25, conn_use=2, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent "
     "(250 $r)"},
    {"postfix/smtp",
     "$q: to=<$a>, relay=$h[$i]:25, delay=1, delays=0/0/0/1, dsn=5.0.0, status=bounced (host "
     "$h[$i] refused to talk to me: $r)"},
    {"postfix/error",
     "$q: to=<$a>, relay=none, delay=9, delays=9/0/0/0, dsn=4.4.1, status=deferred (delivery "
     "temporarily suspended: lost connection with $h[$i] while sending MAIL FROM)"},
    {"postfix/local",
     "$q: to=<$a>, orig_to=<root>, relay=local, delay=0, dsn=5.1.1, status=bounced (unknown user: "
     "\"x\")"},
    {"postfix/pipe", "$q: to=<$a>, relay=dovecot, delay=1, dsn=4.3.0, status=deferred ($r)"},
    {"postfix/virtual", "$q: to=<$a>, relay=virtual, delay=1, dsn=2.0.0, status=sent (delivered)"},
    {"postfix/lmtp", "$q: to=<$a>, relay=$h[private/lmtp], dsn=2.0.0, status=sent (250 $r)"},
    {"postfix/smtp", "$q: to=<$a>, relay=$h[$i]:25, delay=1, dsn=5.1.1, status=bounced (cut he"},
    {"postfix/smtp", "$q: enabling PIX workarounds: disable_esmtp for $h[$i]:25"},
    {"postfix/qmgr", "$q: from=<$a>, status=force-expired, returned to sender"},
    {"postfix/smtp/smtp", "$q: to=<$a>, relay=$h[$i]:25, dsn=2.0.0, status=sent (250 ok)"},
    {"postfix", "$q: to=<$a>, relay=$h[$i]:25, delay=1, dsn=2.0.0, status=sent (250 ok)"},
    {"postfixes/smtp", "$q: to=<$a>, relay=$h[$i]:25, delay=1, dsn=2.0.0, status=sent (250 ok)"},
    {"postfix/smtp", "@cee: {\"msg\":\"$q: to=<$a>, relay=none, status=deferred ($j)\"}"},
    {"postfix/smtp", "@$q: to=<$a>, relay=none, status=sent (250 ok)"},
    // Exim
    {"", "2026-11-21 16:49:30 1vQr5t-0001bo-D3 <= $a H=$h [$i] P=esmtps A=login:ann S=$n"},
    {"", "2026-11-21 16:49:30 1vQr5t-0001bo-D3 => $a R=r T=t H=$h [$i] C=\"250 ok\" QT=2s"},
    {"",
     "2026-11-21 16:49:30.123 +0100 [$n] 1vQr5t-000000001bo-D342 ** $a F=<$a> R=r T=t H=$h "
     "[$i]: SMTP error from remote mail server after RCPT TO:<$a>: $r"},
    {"", "2026-11-21 16:49:30 1vQr5t-0001bo-D3 == $a R=r T=t defer (110): Connection timed out"},
    {"", "2026-11-21 16:49:30 1vQr5t-0001bo-D3 ** $a: retry timeout exceeded"},
    {"", "2026-11-21 16:49:30 1vQr5t-0001bo-D3 Completed"},
    {"", "2026-11-21 16:49:30 H=$h [$i] F=<$a> rejected RCPT <$a>: $r"},
    {"", "2026-11-21 16:49:30 H=$h [$i]: SMTP error from remote mail server after pipe: $r"},
    {"", "  $n LOG: MAIN REJECT"},
    {"exim", "[1/3] 2026-11-21 16:49:30 1vQr5t-0001bo-D3 ** $a R=r T=t H=$h [$i]: $r"},
    {"exim", "[2/3] of a long one"},
    {"exim4", "1vQr5t-0001bo-D3 ** $a: Unrouteable address"},
    // Coremail
    {"", "T:$n(16:49:30)[da:Info] $q:size=$n,from=<$a>,to=<$a>,channel=remote,state=sent"},
    {"",
     "T:$n(16:49:30)[da:Info] $q:subject=a, b,from=<>,to=<$a>,channel=remote,state=defer SMTP "
     "error, RCPT TO: Host $h($i) RCPT TO said $r"},
    {"", "T:$n(16:49:30)[da:Info] $q:from=<>,to=<$a;$a>,channel=remote,state=bounced rejected"},
    {"", "16:49:30 [cmd:DATA,ip:$i,subject:a\\, b\\] c:d,Result:Failed]"},
    // Sendmail
    {"sm-mta", "$q: from=<$a>, size=$n, class=0, nrcpts=1, msgid=<$n@h>, relay=$h [$i]"},
    {"sm-mta",
     "$q: to=<$a>, delay=00:00:03, mailer=esmtp, pri=$n, relay=$h. [$i], dsn=4.7.1, "
     "stat=Deferred: $r"},
    {"sendmail",
     "$q: to=<$a>,<$a>, ctladdr=<$a> (0/0), delay=1+00:00:00, relay=$h. [$i], "
     "dsn=5.1.1, reply=$r, stat=User unknown"},
    {"sendmail", "$q: to=<$a>, relay=$h [$i], dsn=2.0.0, stat=Sent ($r)"},
    {"sm-mta", "$q: ruleset=check_rcpt, arg1=<$a>, relay=$h [$i], reject=$r"},
    {"sm-mta", "$q: <$a>... User unknown"},
    // OpenSMTPD
    {"smtpd",
     "4b3a6c195c1f6010 mta delivery evpid=8f26ea98359eccea from=<$a> to=<$a> rcpt=<-> "
     "source=\"192.0.2.1\" relay=\"$i ($h)\" delay=2s result=\"PermFail\" stat=\"$r\""},
    {"smtpd",
     "4b3a6c195c1f6010 mta event=delivery evpid=8f26ea98359eccea from=<> to=<$a> rcpt=<-> "
     "source=\"-\" relay=\"$i ($h)\" delay=2s result=\"Ok\" stat=\"250 ok\""},
    {"smtpd",
     "delivery: TempFail for 8f26ea98359eccea: from=<$a>, to=<$a>, relay=$i ($h), "
     "delay=3s, stat=$r"},
    {"smtpd", "4b3a6c195c1f6010 smtp failed-command command=\"RCPT TO:<$a>\" result=\"$r\""},
    {"smtpd", "4b3a6c195c1f6010 smtp connected address=$i host=$h"},
    // qmail
    {"", "@40000000689f13a508f3214c starting delivery $n: msg 161214 to remote $a"},
    {"",
     "@40000000689f13a508f3214c delivery $n: failure: "
     "$i_does_not_like_recipient./Remote_host_said:_$u/Giving_up_on_$i./"},
    {"", "1795280970.057500 delivery $n: success: $i_accepted_message./Remote_host_said:_250_ok/"},
    {"qmail", "1795280970.057500 delivery $n: deferral: Connected_to_$i_but_greeting_failed./"},
    {"qmail", "1795280970.057500 info msg 161214: bytes $n from <$a> qp 7 uid 8"},
    {"", "@40000000689f13a508f3214c status: local 0/10 remote 1/20"},
    // KumoMTA
    {"",
     R"({"type":"Bounce","id":"$q","recipient":"$a","response":{"code":$c,"enhanced_code":)"
     R"({"class":5,"subject":1,"detail":1},"content":"$j","command":"RCPT TO:<x>"},)"
     R"("peer_address":{"name":"$h.","addr":"$i"},"timestamp":1795280970,"created":1795280900})"},
    {"", R"({"type":"Delivery","id":"$q","recipient":["$a","$a"],"response":{"code":250,"content":)"
         R"("ok"},"peer_address":{"name":"$h.","addr":"$i"},"timestamp":1795280970})"},
    {"", R"({"type":"Reception","id":"$q","recipient":"$a","timestamp":1795280970})"},
    // ZoneMTA
    {"", "info Sender/default/77 id=18cd.001 DEFERRED[greylist] from=<$a> to=<$a> mx=$h[$i] ($r)"},
    {"zone-mta", "id=18cd.001 ACCEPTED from=<> to=<$a> src=$i mx=$h[$i] (250 ok)"},
    {"", R"({"id":"$q","seq":"001","action":"REJECTED","category":"spam","zone":"default",)"
         R"("from":"$a","to":"$a","mx":"$h","ip":"$i","response":"$j"})"},
    // Haraka
    {"",
     "[NOTICE] [9C4C-58.1.1] [outbound] delivered file=\"1_2\" domain=\"example.com\" "
     "host=\"$h\" ip=\"$i\" port=25 response=\"250 ok\" delay=1.2 fails=0 rcpts=\"1/0/0\""},
    {"", "[NOTICE] [9C4C-58.1.1] [outbound] recipient <$a> rejected: $r"},
    {"", "2026-11-21T16:49:30.123Z [NOTICE] [9C4C-58.1.1] [outbound] bouncing mail: $r"},
    {"haraka", "[NOTICE] [9C4C-58.1.1] [outbound] Temp failing 1_2 for 64 seconds: $r"},
    {"", "level=INFO uuid=9C4C-58.1.1 source=outbound message=\"recipient <$a> deferred: $j\""},
    {"", R"({"level":"INFO","uuid":"9C4C","origin":"outbound","message":"recipient <$a> deferred: )"
         R"($j"})"},
    {"", "[INFO] [9C4C-58.1] [core] sender <$a> code=CONT msg=\"\""},
    // and other programs
    {"kernel", "[12345.678901] postfix/smtp[9]: $q: to=<$a>, relay=none, status=sent (250 ok)"},
    {"", "last message repeated $n times"},
    {"rspamd", "<$q>; proxy; rspamd_task_write_log: from: <$a>, ip: $i, (default: F (reject))"},
    {"", R"({"level":"info","msg":"$j","n":$n})"},
    {"", "{\"cut\":\"$j"},
};

}  // namespace

std::span<const LineForm> AllLineForms() { return kForms; }

}  // namespace bouncesight
