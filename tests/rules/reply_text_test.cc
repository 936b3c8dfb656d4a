#include "rules/reply_text.h"

#include <gtest/gtest.h>

namespace bouncesight {
namespace {

std::string WordsOf(std::string_view reply) {
  static ReplyText text;
  text.Read(reply);
  return SpellMasks(text.words());
}

std::string LinksOf(std::string_view reply) {
  static ReplyText text;
  text.Read(reply);
  std::string links(text.links());
  for (char& c : links) c = c == '\n' ? '|' : c;
  return links;
}

struct Case {
  std::string_view reply;
  std::string_view words;
};

void ExpectWords(std::initializer_list<Case> cases) {
  for (const Case& c : cases) EXPECT_EQ(WordsOf(c.reply), c.words) << c.reply;
}

TEST(ReplyText, DropsReplyCodesAtTheStart) {
  ExpectWords({{"550 no such user", "no such user"},
               {"550-no such user", "no such user"},
               {"550 5.1.1 no such user", "no such user"},
               {"550-5.1.1 no such user", "no such user"},
               {"5.1.1 no such user", "no such user"},
               {"550: no such user", "no such user"},
               {"550 5.1.1: no such user", "no such user"},
               {"550 #5.1.0 address rejected", "address rejected"},
               {"no such user (#5.1.1)", "no such user"},
               {"550", ""},
               {"", ""}});
}

TEST(ReplyText, KeepsNumbersThatAreNoCodes) {
  ExpectWords({{"552 message size 7200000 exceeds 550000", "message size 7200000 exceeds 550000"},
               {"version 5.1.1 of it", "version 5.1.1 of it"},
               {"see [#102]", "see [#102]"},
               {"999 odd", "999 odd"}});
}

TEST(ReplyText, JoinsFoldedLines) {
  ExpectWords({{"550-5.1.1 does not 550-5.1.1 exist at 550 5.1.1 all", "does not exist at all"},
               {"550-does not\n550 exist", "does not exist"},
               {"550-does not\r\n550 exist", "does not exist"},
               {"550-5.7.1 does not\\n550 5.7.1 exist", "does not exist"},
               {"550-5.7.1 does not#012550 5.7.1 exist", "does not exist"},
               {"450 4.7.1 too fast 450 4.7.1 too fast", "too fast too fast"}});
}

TEST(ReplyText, MakesOneBlankOfManyAndOfControlBytes) {
  ExpectWords({{"550  no \t such\x01user ", "no such user"},
               {std::string_view("a\0b", 3), "a b"},
               {"\x7f no", "no"}});
}

TEST(ReplyText, MasksAddresses) {
  ExpectWords({{"<ann@example.com>: unknown", "{addr}: unknown"},
               {"ann@example.com unknown", "{addr} unknown"},
               {"unknown: ann@example.com.", "unknown: {addr}."},
               {"user ann@example.com.Please check", "user {addr}.Please check"},
               {"<\"ann b\"@example.com> unknown", "{addr} unknown"},
               {"<bounce+ann=example.net@example.com>", "{addr}"},
               {"'ann@example.com' unknown", "{addr} unknown"},
               {"<o'brien@example.com>", "{addr}"},
               {"ann@[192.0.2.1] unknown", "{addr} unknown"},
               {"ann@localhost unknown", "{addr} unknown"},
               {"***@example.com unknown", "{addr} unknown"},
               {"RCPT TO:<ann@example.com>", "RCPT TO:{addr}"},
               {"no @ here, nor <@>", "no @ here, nor <@>"}});
}

TEST(ReplyText, MasksHostsButNoSentenceThatLacksABlank) {
  ExpectWords({{"mx.example.com refused", "{host} refused"},
               {"EXAMPLE.COM refused", "{host} refused"},
               {"mail_1.example.co.uk:25 refused", "{host}:25 refused"},
               {"does not exist.Please try", "does not exist.Please try"},
               {"mailbox full.Try later", "mailbox full.Try later"},
               {"user unknown.It is not here", "user unknown.It is not here"},
               {"host mx.example.com.Please", "host {host}.Please"},
               {"RESOLVER.ADR.RecipNotFound; not found", "RESOLVER.ADR.RecipNotFound; not found"},
               {"winmail.dat and a.zip", "winmail.dat and a.zip"},
               {"e.g. this", "e.g. this"},
               {"wait... now", "wait... now"}});
}

TEST(ReplyText, MasksIpAddresses) {
  ExpectWords({{"client [192.0.2.1] blocked", "client {ip} blocked"},
               {"(192.0.2.1)", "({ip})"},
               {"from 192.0.2.1:25", "from {ip}:25"},
               {"from 2001:db8::1 now", "from {ip} now"},
               {"[IPv6:2001:db8::1] blocked", "{ip} blocked"},
               {"2001:db8:0:0:0:0:0:1 blocked", "{ip} blocked"},
               {"at 12:34:56 today", "at 12:34:56 today"},
               {"300.0.2.1 is none", "300.0.2.1 is none"},
               {"1.2.3.4.5 is none", "1.2.3.4.5 is none"}});
}

TEST(ReplyText, MasksIdsButNoProviderCodes) {
  ExpectWords({{"queued as 4jWysw6H2Kz1bwGL", "queued as {id}"},
               {"aBcDeFgHiJkLmNoPqRsT", "{id}"},
               {"MapiExceptionMailboxQuotaExceededPermanentException",
                "MapiExceptionMailboxQuotaExceededPermanentException"},
               {"error 0x800CCC0F", "error 0x800CCC0F"},
               {"d9443c01a7336-2a0f1b2c si123456plg.42 - gsmtp", "{id} {id} - gsmtp"},
               {"2DC5552A34 rejected", "{id} rejected"},
               {"1xUoNV-0003sp-Ab rejected", "{id} rejected"},
               {"f47ac10b-58cc-4372-a567-0e02b2c3d479", "{id}"},
               {"[TSS04] (S3140) [PH01] AUP#CNCT HL:REP LPN007_426 IB212",
                "[TSS04] (S3140) [PH01] AUP#CNCT HL:REP LPN007_426 IB212"},
               {"CoremailSys:System is busy", "CoremailSys:System is busy"}});
}

TEST(ReplyText, MasksUrlsAndKeepsTheSentence) {
  ExpectWords({{"see https://example.net/a?b=c. Thanks", "see {url}. Thanks"},
               {"see <http://example.net/a>", "see {url}"},
               {"see (http://example.net/a)", "see ({url})"},
               {"see www.example.net/a", "see {url}"},
               {"550-see http://example.net/a\\n550 b", "see {url} b"}});
}

TEST(ReplyText, ListsUrlsAndHostNames) {
  EXPECT_EQ(LinksOf("blocked using bl.example.net; see https://example.net/a?ip=192.0.2.1."),
            "bl.example.net|https://example.net/a?ip=192.0.2.1|");
  EXPECT_EQ(LinksOf("<a=example.net@example.com> no link"), "");
}

TEST(ReplyText, TurnsTypographyIntoAscii) {
  ExpectWords({{"user doesn\xe2\x80\x99t exist", "user doesn't exist"},
               {"isn\xe2\x80\x98t \xe2\x80\x9chere\xe2\x80\x9d", "isn't \"here\""},
               {"gone \xe2\x80\x93 sorry\xe2\x80\xa6", "gone - sorry..."},
               {"no\xc2\xa0user\xe3\x80\x80here", "no user here"},
               {"\xef\xbc\xb5ser\xef\xbc\x9a unknown", "User: unknown"}});
}

TEST(ReplyText, LeavesOtherScriptsAsTheyAre) {
  ExpectWords({{"550 用户不存在", "用户不存在"}, {"550 \xd3\xd3\xbb\xa7", "\xd3\xd3\xbb\xa7"}});
}

TEST(ReplyText, FoldsCapitalsAndAccentsBeyondAscii) {
  ExpectWords({{"550 Boîte BOÎTE boi\xcc\x82te", "Boite BOiTE boite"},
               {"550 Empfänger, ÄNDERUNG, Straße", "Empfanger, aNDERUNG, Strasse"},
               {"550 Ящик ПЕРЕПОЛНЕН, учётная", "ящик переполнен, учетная"},
               {"550 użytkownik, œuvre, 2×3", "uzytkownik, oeuvre, 2×3"},
               {"550 \xc3", "\xc3"}});
}

TEST(ReplyText, FoldsPatternsAsItFoldsWords) {
  std::string unknown;
  EXPECT_EQ(PlaceMasks("(Boîte|Ящик) {addr} vidé", unknown), "(Boite|ящик) \1 vide");
  EXPECT_TRUE(unknown.empty());
}

TEST(ReplyText, ReadsNoMoreThanItsScratchHolds) {
  const std::string reply(20000, 'x');
  EXPECT_EQ(WordsOf(reply).size(), ReplyText::kMaxBytes);
  std::string hosts;
  while (hosts.size() < 20000) hosts += "a.de ";
  EXPECT_LE(LinksOf(hosts).size(), ReplyText::kMaxBytes + 8);
}

TEST(ReplyText, PlacesMasksInPatterns) {
  std::string unknown;
  EXPECT_EQ(SpellMasks(PlaceMasks("using {host}|{ip}", unknown)), "using {host}|{ip}");
  EXPECT_EQ(PlaceMasks("a{2,3}\\{x}", unknown), "a{2,3}\\{x}");
  EXPECT_EQ(unknown, "");
  PlaceMasks("{hots}", unknown);
  EXPECT_EQ(unknown, "{hots}");
}

}  // namespace
}  // namespace bouncesight
