#include "daemon/count/pending_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bouncesight {

void PrintTo(const TableView& view, std::ostream* out) {
  *out << view.key << ": " << testing::PrintToString(view.pieces);
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TableChange All(const std::string& key, const std::string& bytes) { return {key, true, {bytes}}; }
TableChange Some(const std::string& key, const std::string& bytes) { return {key, false, {bytes}}; }
TableChange None(const std::string& key) { return {key, false, {}}; }

// "key=piece,piece" of each table.
std::vector<std::string> Whole(const PendingTables& tables,
                               const std::vector<StateTable>& on_disk = {}) {
  const auto whole = tables.Whole(on_disk);
  if (!whole) return {whole.error().message};
  std::vector<std::string> texts;
  for (const TableView& view : *whole) {
    std::string& text = texts.emplace_back(view.key);
    for (std::size_t i = 0; i < view.pieces.size(); ++i) {
      text += (i == 0 ? "=" : ",") + std::string(view.pieces[i]);
    }
  }
  return texts;
}

std::vector<std::string> Changes(const PendingTables& tables) {
  std::vector<std::string> texts;
  for (const TableChange& change : tables.Changes()) {
    std::string& text = texts.emplace_back(change.key + (change.whole ? "=" : "+"));
    for (const std::string& piece : change.pieces) text += piece;
  }
  return texts;
}

TEST(PendingTables, KeepWhatWasRestoredUntilItIsClaimed) {
  PendingTables tables({{"a", {"all", "more"}}, {"b", {"all of b"}}});
  EXPECT_FALSE(tables.wants_whole());
  EXPECT_THAT(Whole(tables), ElementsAre("a=all,more", "b=all of b"));
  tables.Add(0, {All("a", "anew")});
  EXPECT_THAT(Whole(tables), ElementsAre("a=anew", "b=all of b"));
  tables.ForgetUnclaimed();
  EXPECT_THAT(Whole(tables), ElementsAre("a=anew"));
}

TEST(PendingTables, CollectChangesUntilTheyAreWritten) {
  PendingTables tables({});
  tables.Add(0, {All("a", "all"), All("b", "")});
  tables.NoteWritten();
  EXPECT_THAT(Changes(tables), IsEmpty());
  tables.Add(0, {Some("a", "1"), None("b")});
  tables.Add(0, {Some("a", "2"), None("b")});
  EXPECT_THAT(Changes(tables), ElementsAre("a+12"));
  tables.NoteWritten();
  EXPECT_THAT(Changes(tables), IsEmpty());
}

TEST(PendingTables, DropWhatAWholePieceOutdates) {
  PendingTables tables({});
  tables.Add(0, {Some("a", "1")});
  tables.Add(0, {All("a", "all")});
  tables.Add(0, {Some("a", "2")});
  EXPECT_THAT(Changes(tables), ElementsAre("a=all2"));
}

// A commit is of the changes, and all entries are at hand for the record behind it.
TEST(PendingTables, GiveTheChangesInFrontOfAWholePiece) {
  PendingTables tables({});
  tables.Add(0, {All("a", "all")});
  tables.NoteWritten();
  tables.Add(0, {Some("a", "1")});
  tables.Add(0, {Some("a", "2"), All("a", "anew")});
  EXPECT_FALSE(tables.wants_whole());
  EXPECT_THAT(Changes(tables), ElementsAre("a+12"));
  EXPECT_THAT(Whole(tables), ElementsAre("a=anew"));
  tables.Add(0, {Some("a", "3")});
  EXPECT_THAT(Changes(tables), ElementsAre("a+123"));
  EXPECT_THAT(Whole(tables), ElementsAre("a=anew,3"));
  tables.Add(0, {All("a", "other names")});
  EXPECT_THAT(Changes(tables), ElementsAre("a=other names"));
}

TEST(PendingTables, NameTheTablesThatASourceTookWithIt) {
  PendingTables tables({});
  tables.Add(0, {All("a", "1"), All("b", "2")});
  tables.Add(1, {All("c", "3")});
  tables.NoteWritten();
  tables.Add(0, {None("b")});
  EXPECT_THAT(tables.Gone(), ElementsAre("a"));
  tables.NoteWritten();
  EXPECT_THAT(tables.Gone(), IsEmpty());
}

TEST(PendingTables, TakeFromTheDiskWhatAHungWorkerDoesNotGive) {
  PendingTables tables({});
  tables.Add(0, {All("a", "1")});
  tables.Add(1, {All("b", "2")});
  tables.NoteWritten();
  EXPECT_TRUE(tables.wants_whole());
  tables.Add(0, {All("a", "anew")});
  tables.Add(1, {Some("b", "3")});  // an answer to a question before
  EXPECT_TRUE(tables.wants_whole());
  EXPECT_THAT(Whole(tables, {{"a", {"old"}}, {"b", {"2", "2a"}}}),
              ElementsAre("a=anew", "b=2,2a,3"));
  EXPECT_THAT(Whole(tables)[0], testing::HasSubstr("table b is neither on the disk"));
}

TEST(PendingTables, WantAllAnewWhenTheChangesHaveOutgrownIt) {
  PendingTables tables({});
  tables.Add(0, {All("a", std::string(2 << 20, 'x'))});
  tables.Add(0, {Some("a", std::string(2 << 20, 'y'))});
  EXPECT_FALSE(tables.wants_whole());
  tables.Add(0, {Some("a", "z")});
  EXPECT_TRUE(tables.wants_whole());
}

}  // namespace
}  // namespace bouncesight
