#include "daemon/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/system/memory_fs.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Config, NeedsNoKeyAtAll) {
  for (const char* text : {"", "# nothing\n", "web:\n", "sources: []\n"}) {
    const auto config = ParseConfig(text, "f");
    ASSERT_TRUE(config) << text << ": " << config.error().message;
    EXPECT_THAT(config->web.listen_addresses, ElementsAre("127.0.0.1:19154"));
    EXPECT_TRUE(config->sources.empty());
    EXPECT_EQ(config->workers, 1u);
  }
}

TEST(Config, ReadsEveryKey) {
  const auto config = ParseConfig(R"(
web: {listen_address: ["127.0.0.1:1", "[::1]:2"], telemetry_path: /m, config_file: /w.yaml, enable_lifecycle: true}
state: {path: /s, interval: 500ms, catch_up: 2m}
sources:
  - {name: mail, type: file, paths: [/a.log, /b/*.log], format: postfix, start: beginning}
  - {name: relay, type: syslog, listen: ["udp://127.0.0.1:5514", "unix:///run/x/log"], allow: [127.0.0.0/8], rate_limit: 9, max_connections: 8}
  - {name: journal, type: journal, units: [postfix@-.service], identifiers: [exim], directory: /j}
rules: {files: [/r/*.yaml], catalog: /c}
metrics: {max_domains: 7, max_series: 700, rule_hits: all, pinned_domains: [example.com], domain_groups: {ours: [example.net, "*.example.net"], b: example.org}}
internal_relays: [192.0.2.0/28, "2001:db8::7"]
workers: 3
log: {level: debug, format: json}
)",
                                  "f");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_THAT(config->web.listen_addresses, ElementsAre("127.0.0.1:1", "[::1]:2"));
  EXPECT_TRUE(config->web.enable_lifecycle);
  EXPECT_EQ(config->state.interval, std::chrono::milliseconds(500));
  EXPECT_EQ(config->state.catch_up, std::chrono::minutes(2));
  ASSERT_EQ(config->sources.size(), 3u);
  EXPECT_THAT(config->internal_relays,
              ElementsAre(*ReadIpNetwork("192.0.2.0/28"), *ReadIpNetwork("2001:db8::7")));
  EXPECT_EQ(config->sources[2].lines.internal_relays, config->internal_relays);
  EXPECT_EQ(config->sources[0].lines.format, FormatOf(Mta::kPostfix));
  EXPECT_EQ(config->sources[0].start, FirstSight::kBeginning);
  EXPECT_THAT(config->sources[0].paths, ElementsAre("/a.log", "/b/*.log"));
  EXPECT_EQ(config->sources[1].type, SourceType::kSyslog);
  EXPECT_EQ(config->sources[1].rate_limit, 9u);
  EXPECT_EQ(config->sources[1].max_connections, 8u);
  EXPECT_THAT(config->sources[2].identifiers, ElementsAre("exim"));
  EXPECT_THAT(config->metrics.domain_groups.at("ours"),
              ElementsAre("example.net", "*.example.net"));
  EXPECT_THAT(config->metrics.domain_groups.at("b"), ElementsAre("example.org"));
  EXPECT_EQ(config->workers, 3u);
  EXPECT_EQ(config->log.format, LogFormat::kJson);
}

struct Complaint {
  const char* text;
  const char* message;
};
void PrintTo(const Complaint& complaint, std::ostream* out) { *out << complaint.message; }

class ConfigComplains : public testing::TestWithParam<Complaint> {};

TEST_P(ConfigComplains, WithFileLineKeyAndRemedy) {
  const auto config = ParseConfig(GetParam().text, "f.yaml");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr(GetParam().message));
  EXPECT_THAT(config.error().message, Not(HasSubstr("\n")));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ConfigComplains,
    testing::Values(
        Complaint{"web:\n  listen_adress: x\n",
                  "f.yaml:2: web.listen_adress: unknown key; did you mean `listen_address`?"},
        Complaint{"\nfruit: 1\n", "f.yaml:2: fruit: unknown key; known here: web, state"},
        Complaint{"workers: 1\nworkers: 2\n", "f.yaml:2: workers: this key stands here twice"},
        Complaint{"workers: 0\n", "f.yaml:1: workers: write a number from 1 to 64"},
        Complaint{"internal_relays: [localhost]\n",
                  "internal_relays: `localhost` is not a network; write 127.0.0.0/8"},
        Complaint{"workers: [1]\n", "f.yaml:1: workers: write one value"},
        Complaint{"web: {enable_lifecycle: yes}\n", "web.enable_lifecycle: write true or false"},
        Complaint{"web: {listen_address: 127.0.0.1}\n", "`127.0.0.1`: write HOST:PORT"},
        Complaint{"web: {listen_address: 'h.example.com:80'}\n", "an address, not a name"},
        Complaint{"web: {telemetry_path: metrics}\n", "as /metrics"},
        Complaint{"web: {telemetry_path: /}\n", "the page is there"},
        Complaint{"web: {telemetry_path: /-/healthy}\n", "has a meaning already"},
        Complaint{"web: {telemetry_path: /api}\n", "has a meaning already"},
        Complaint{"web: {telemetry_path: '/m?x=1'}\n", "letters, digits"},
        Complaint{"web: 7\n", "f.yaml:1: web: write `key: value` pairs here"},
        Complaint{"state: {interval: 5}\n", "state.interval: `5`: write a duration"},
        Complaint{"state: {interval: 5ms}\n", "write a duration from 100ms to 1m, as 500ms or 30s"},
        Complaint{"state: {interval: 1h}\n", "write a duration from 100ms to 1m, as 500ms or 30s"},
        Complaint{"state: {interval: 2m}\n", "write a duration from 100ms to 1m, as 500ms or 30s"},
        Complaint{"state: {catch_up: 25h}\n", "write a duration up to 24h, as 30s or 5m"},
        Complaint{"sources:\n - {name: a, path: [/a]}\n",
                  "f.yaml:2: sources.path: unknown key; did you mean `paths`?"},
        Complaint{"sources:\n - {nme: a, paths: [/a]}\n",
                  "sources.nme: unknown key; did you mean `name`?"},
        Complaint{"sources:\n - {name: a, type: syslog, lisen: 'unix:///r'}\n",
                  "sources.lisen: unknown key; did you mean `listen`?"},
        Complaint{"sources:\n - name: a\n   paths: /a.log, /b.log\n",
                  "f.yaml:3: sources.paths: `/a.log, /b.log`: write a list: [/a.log, /b.log]"},
        Complaint{"sources:\n - {name: a, paths: ['/a.log /b.log']}\n", "[/a.log, /b.log]"},
        Complaint{"sources:\n - {name: a, paths: ['/var/**/m.log']}\n", "`**` is not read"},
        Complaint{"sources:\n - {name: a, paths: [/dev/stdin]}\n", "use `type: stdin`"},
        Complaint{"sources:\n - {name: a, paths: [/a], json_keys: {message: ''}}\n",
                  "sources.json_keys.message: write the name of a key"},
        Complaint{"sources:\n - {name: a, paths: [/a], json_keys: {message: []}}\n",
                  "name the key that holds the log line"},
        Complaint{"sources:\n - {name: a, paths: [/a], coremail: {zone: '+99:00'}}\n",
                  "sources.coremail.zone: `+99:00`: write how far"},
        Complaint{"sources: {name: x}\n", "f.yaml:1: sources: write a list"},
        Complaint{"sources:\n - {paths: [/a]}\n", "f.yaml:2: sources.name: give every source"},
        Complaint{"sources:\n - {name: 'a b', paths: [/a]}\n", "sources.name: write a name of at"},
        Complaint{"sources:\n - {name: a, paths: [/a]}\n - {name: a, paths: [/b]}\n",
                  "f.yaml:3: sources.name: `a` is taken"},
        Complaint{"sources:\n - {name: a, type: fiel}\n",
                  "write one of file, syslog, journal, stdin, directory"},
        Complaint{"sources:\n - {name: a}\n", "sources.paths: name at least one file"},
        Complaint{"sources:\n - {name: a, paths: [mail.log]}\n", "write an absolute path"},
        Complaint{"sources:\n - {name: a, paths: [$LOGS/a]}\n", "variables are not put in"},
        Complaint{"sources:\n - {name: a, paths: ['/a/${B}/c']}\n", "variables are not put in"},
        Complaint{"sources:\n\t- {name: a, paths: [/a]}\n", "begins with a tab: indent with"},
        Complaint{"web:\n  listen_address: ':1'\n\ttelemetry_path: /m\n", "begins with a tab"},
        Complaint{"workers: 1\n---\nworkers: 2\n", "a second document begins here"},
        Complaint{"sources:\n - {name: a, paths: [/a], format: sendmial}\n", "is not a format"},
        Complaint{"sources:\n - {name: a, paths: [/a], listen: 'udp://127.0.0.1:1'}\n",
                  "sources.listen: unknown key"},
        Complaint{"sources:\n - {name: a, type: syslog}\n", "sources.listen: name an address"},
        Complaint{"sources:\n - {name: a, type: syslog, listen: ['unix:///r', 'unix:///r']}\n",
                  "f.yaml:2: sources.listen: `unix:///r` is there twice"},
        Complaint{"sources:\n - {name: a, type: syslog, listen: 'tls://[::1]:1', cert_file: c}\n",
                  "sources.key_file: tls:// needs the key as well"},
        Complaint{"sources:\n - {name: a, type: syslog, listen: 'tcp://[::1]:1', key_file: k}\n",
                  "certificates are for tls://"},
        Complaint{"sources:\n - {name: a, type: syslog, listen: 'udp://:514'}\n",
                  "name the address to bind"},
        Complaint{"sources:\n - {name: a, type: syslog, listen: 'unix:///r', allow: 10.0.0.0/33}\n",
                  "sources.allow: `10.0.0.0/33`: write a network"},
        Complaint{"sources:\n - {name: a, type: directory}\n", "sources.directory: ``: write the"},
        Complaint{"sources:\n - {name: a, type: journal, directory: j}\n",
                  "write the absolute path"},
        Complaint{"sources:\n - {name: a, type: stdin, start: end}\n",
                  "sources.start: unknown key"},
        Complaint{"sources:\n - {name: a, paths: [/l/*]}\n - {name: b, paths: [/l/m]}\n",
                  "f.yaml:3: sources: source a follows /l/m, too"},
        Complaint{"metrics:\n  pinned_domains: [example.com, 'a b']\n",
                  "f.yaml:2: metrics.pinned_domains: `a b`: write a mail domain"},
        Complaint{"metrics: {pinned_domains: ['*.example.com']}\n", "write a mail domain"},
        Complaint{"metrics: {domain_groups: {ours: ['exa mple.com']}}\n",
                  "metrics.domain_groups: `exa mple.com`: write a mail domain, as example.com, or"},
        Complaint{"metrics: {domain_groups: {ours: ['*.']}}\n", "metrics.domain_groups: `*.`:"},
        Complaint{"metrics: {domain_groups: {ours: []}}\n", "`ours`: name its domains"},
        Complaint{"metrics: {domain_groups: {other: [example.com]}}\n", "has a meaning already"},
        Complaint{"metrics: {domain_groups: {'a b': [example.com]}}\n", "`a b`: write a name"},
        Complaint{"metrics: {domain_groups: {a: example.com, b: example.com}}\n",
                  "`example.com` is in `a` and `b`; keep it in one group"},
        Complaint{"web: {a\n", "this is not YAML"}));

TEST(Config, ReadsBracesAsAShellDoes) {
  const struct {
    const char* written;
    std::vector<std::string> meant;
  } cases[] = {
      {"/log/{a,b}.log", {"/log/a.log", "/log/b.log"}},
      {"/{x,y}/{a,b*}", {"/x/a", "/x/b*", "/y/a", "/y/b*"}},
      {"/{a,{b,c}d}", {"/a", "/bd", "/cd"}},
      {"/m{,.1}", {"/m", "/m.1"}},
      {"/m{a}.log", {"/m{a}.log"}},
      {"/m{a,b", {"/m{a,b"}},
  };
  for (const auto& [written, meant] : cases) {
    const auto config =
        ParseConfig("sources: [{name: a, paths: ['" + std::string(written) + "']}]", "f");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->sources[0].paths, meant) << written;
  }
}

TEST(Config, TakesTheRemediesItGives) {
  for (const char* text : {"state: {interval: 500ms}", "state: {interval: 30s, catch_up: 24h}",
                           "state: {interval: 1m, catch_up: 5m}",
                           "sources: [{name: a, paths: [/var/log/*.log, /var/log/*/*.log]}]",
                           "sources: [{name: a, type: stdin}]",
                           "sources: [{name: a, paths: [/a], coremail: {zone: '-03:30'}}]",
                           "sources: [{name: a, paths: [/a], coremail: {zone: Z}}]",
                           "sources: [{name: a, paths: ['/a,b.log']}]"}) {
    const auto config = ParseConfig(text, "f");
    EXPECT_TRUE(config) << text << ": " << config.error().message;
  }
}

TEST(Config, LooksForTheFilesOfASourceWhereItIsAskedTo) {
  constexpr const char* kText =
      "sources:\n  - name: a\n    type: syslog\n    listen: 'tls://127.0.0.1:6514'\n"
      "    cert_file: /there.pem\n    key_file: /nowhere.pem\n";
  MemoryFs fs;
  fs.Append("/there.pem", "x");
  const auto config = ParseConfig(kText, "f.yaml", &fs);
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message,
              HasSubstr("f.yaml:6: sources.key_file: `/nowhere.pem`: No such file"));
  fs.Append("/nowhere.pem", "x");
  EXPECT_TRUE(ParseConfig(kText, "f.yaml", &fs));
  EXPECT_TRUE(ParseConfig(kText, "f.yaml")) << "for who does not open them";
}

TEST(Config, SaysWhatIsWrongWithTheFileItself) {
  EXPECT_THAT(LoadConfig("/nonexistent/f.yaml").error().message,
              HasSubstr("/nonexistent/f.yaml: no such file; name the configuration"));
  EXPECT_THAT(LoadConfig("/").error().message, HasSubstr("is a folder"));
}

TEST(Config, TakesNamesOfJsonMembersAndCoremailWords) {
  const auto config = ParseConfig(R"(
sources:
  - {name: a, type: file, paths: [/a.log], json_keys: {message: [text, body], host: node}, coremail: {bounced: [failed], zone: "+09:00"}}
)",
                                  "f");
  ASSERT_TRUE(config) << config.error().message;
  const ReaderOptions& lines = config->sources[0].lines;
  EXPECT_THAT(lines.json.message, ElementsAre("text", "body"));
  EXPECT_THAT(lines.json.host, ElementsAre("node"));
  EXPECT_EQ(lines.json.time, JsonKeys{}.time);
  ASSERT_NE(lines.coremail, nullptr);
  EXPECT_THAT(lines.coremail->bounced, ElementsAre("failed"));
  EXPECT_EQ(lines.coremail->zone, "+09:00");
  EXPECT_EQ(lines.coremail->to, "to");
}

}  // namespace
}  // namespace bouncesight
