#include "daemon/count/format_watch.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/system/captured_log.h"

namespace bouncesight {
namespace {

SourceTally Lines(std::uint64_t counted, SkipReason reason, std::uint64_t skipped) {
  SourceTally lines;
  lines.counted = counted;
  lines.skipped[static_cast<std::size_t>(reason)] = skipped;
  return lines;
}

TEST(FormatWatch, NamesEachFormatThatWasFound) {
  FormatWatch watch("mail");
  watch.NoteFit(Format::kAuto);
  EXPECT_THAT(watch.formats(), testing::IsEmpty());
  for (const Format format : {FormatOf(Mta::kExim), FormatOf(Mta::kPostfix), FormatOf(Mta::kExim)})
    watch.NoteFit(format);
  EXPECT_THAT(watch.formats(), testing::UnorderedElementsAre("postfix", "exim"));
}

TEST(FormatWatch, WorriesWhenNoLineIsUnderstoodAndOnlyThen) {
  FormatWatch watch("mail");
  watch.NoteLines(Lines(1, SkipReason::kUnknownFormat, 1000));
  EXPECT_TRUE(watch.understood()) << "some lines are ours";
  watch.NoteLines(Lines(0, SkipReason::kForeign, 1000));
  EXPECT_TRUE(watch.understood()) << "other programs' lines are no mail, and no riddle";
  watch.NoteLines(Lines(0, SkipReason::kUnknownFormat, FormatWatch::kWorry - 1));
  EXPECT_TRUE(watch.understood());
  watch.NoteLines(Lines(0, SkipReason::kMalformed, 1));
  EXPECT_FALSE(watch.understood());
  watch.NoteLines(Lines(0, SkipReason::kUnknownFormat, 5));
  EXPECT_FALSE(watch.understood());
  watch.NoteLines(Lines(0, SkipReason::kNotDelivery, 1));
  EXPECT_TRUE(watch.understood());
}

TEST(FormatWatch, SaysOnceThatAllLinesAreOfOtherProgramsAndNamesOne) {
  const CapturedLog log;
  FormatWatch watch("mail");
  watch.NoteForeign("Nov 21 18:00:00 host kernel: usb 1-1: new device");
  watch.NoteLines(Lines(0, SkipReason::kForeign, FormatWatch::kWorry - 1));
  EXPECT_EQ(log.text(), "");
  for (int i = 0; i < 3; ++i) watch.NoteLines(Lines(0, SkipReason::kForeign, 300));
  EXPECT_EQ(
      log.text(),
      "warning: source mail: all of its 399 lines are of other programs than mail servers, as "
      "of `kernel`; is this the mail log?\n");
}

TEST(FormatWatch, SaysOnceAMinuteAfterTheFirstLineThatTheFewThatCameAreNoMail) {
  const CapturedLog log;
  FormatWatch watch("relay");
  std::chrono::steady_clock::time_point now{};
  watch.LookBack(now);
  watch.NoteForeign("<13>Nov 21 18:00:00 host kernel: usb 1-1: new device");
  watch.NoteUnknown("words of no format");
  watch.NoteLines(Lines(0, SkipReason::kForeign, 5));
  watch.NoteLines(Lines(0, SkipReason::kUnknownFormat, 2));
  now += std::chrono::hours(1);
  watch.LookBack(now);
  watch.LookBack(now + FormatWatch::kPatience - std::chrono::milliseconds(1));
  EXPECT_EQ(log.text(), "");
  for (int i = 0; i < 3; ++i) watch.LookBack(now + FormatWatch::kPatience * (i + 1));
  EXPECT_EQ(log.text(),
            "warning: source relay: a minute after its first line: 5 of its lines are of other "
            "programs than mail servers, 2 fit no known format, and none is of mail, as of "
            "`kernel`; one is: words of no format; does the mail server send here?\n");
}

TEST(FormatWatch, LooksBackInSilenceWhereThereWasMailOrTheWarningCame) {
  const CapturedLog log;
  const std::chrono::steady_clock::time_point start{};
  FormatWatch mail("mail");
  mail.NoteLines(Lines(0, SkipReason::kForeign, 5));
  mail.LookBack(start);
  mail.NoteLines(Lines(1, SkipReason::kForeign, 5));
  mail.LookBack(start + FormatWatch::kPatience);
  EXPECT_EQ(log.text(), "");
  FormatWatch kernel("kernel");
  kernel.NoteLines(Lines(0, SkipReason::kForeign, FormatWatch::kWorry));
  const std::string said = log.text();
  for (int i = 0; i < 3; ++i) kernel.LookBack(start + FormatWatch::kPatience * i);
  EXPECT_EQ(log.text(), said);
}

TEST(FormatWatch, DoesNotMindOtherProgramsInALogThatHadMail) {
  const CapturedLog log;
  FormatWatch watch("mail");
  watch.NoteLines(Lines(0, SkipReason::kNotDelivery, 1));
  watch.NoteLines(Lines(0, SkipReason::kForeign, 5000));
  EXPECT_EQ(log.text(), "");
}

TEST(FormatWatch, ShowsTheFirstLineOfAKnownFormatThatCannotBeReadAndNoOther) {
  const CapturedLog log;
  FormatWatch watch("mail");
  watch.NoteMalformed("before any line was understood");
  watch.NoteFit(FormatOf(Mta::kCoremail));
  watch.NoteMalformed("state=parked \xFF" + std::string(500, 'x'));
  watch.NoteMalformed("state=stored");
  const std::string said = log.text();
  EXPECT_THAT(said, testing::HasSubstr("source mail: a line speaks of a delivery"));
  EXPECT_THAT(said, testing::HasSubstr("state=parked \uFFFDxxx"));
  EXPECT_LT(said.size(), 700U);
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("before any")));
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("stored")));
}

}  // namespace
}  // namespace bouncesight
