#include "daemon/journal/journal_files.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "daemon/system/journal_access.h"

namespace bouncesight {
namespace {

constexpr std::size_t kMachineAt = 40;
constexpr std::size_t kSequenceAt = 72;
constexpr std::size_t kHeadTimeAt = 184;
constexpr std::size_t kHeaderBytes = kHeadTimeAt + 8;
constexpr std::string_view kSignature = "LPKSHHRH";

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::uint64_t LittleEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

class Listing {
 public:
  explicit Listing(FileSystem& fs) : fs_(fs) {}

  void AddFolder(const std::string& folder, bool machines_too) {
    std::vector<std::string> names;
    if (fs_.List(folder, names) < 0) return;
    for (const std::string& name : names) {
      const std::string path = folder + (folder.ends_with('/') ? "" : "/") + name;
      if (IsJournalName(name)) {
        AddFile(path);
      } else if (machines_too && NamesAMachine(name)) {
        AddFolder(path, false);
      }
    }
  }

  std::vector<JournalSequence> Take() {
    std::vector<JournalSequence> sequences;
    sequences.reserve(by_id_.size());
    for (auto& [id, sequence] : by_id_) {
      std::ranges::sort(sequence.files);
      sequences.push_back(std::move(sequence));
    }
    std::ranges::stable_sort(sequences, {}, &JournalSequence::begin_us);
    return sequences;
  }

 private:
  void AddFile(const std::string& path) {
    const FileHandle handle(fs_, fs_.Open(path, OpenMode::kRead));
    std::array<char, kHeaderBytes> bytes;
    if (!handle.is_open() || fs_.ReadAt(handle.fd(), bytes, 0) != std::int64_t{bytes.size()}) {
      return;
    }
    const std::string_view header(bytes.data(), bytes.size());
    if (!header.starts_with(kSignature)) return;
    const std::string id = Hex(header.substr(kMachineAt, 16)) + Hex(header.substr(kSequenceAt, 16));
    const std::uint64_t begin_us = LittleEndian(header.substr(kHeadTimeAt, 8));
    JournalSequence& sequence = by_id_[id];
    const bool older = sequence.files.empty() || begin_us < sequence.begin_us;
    if (older) sequence.begin_us = begin_us;
    sequence.id = id;
    sequence.files.push_back(path);
  }

  FileSystem& fs_;
  std::map<std::string, JournalSequence> by_id_;
};

}  // namespace

std::vector<JournalSequence> ListJournalSequences(FileSystem& fs, const std::string& directory) {
  Listing listing(fs);
  listing.AddFolder(directory, true);
  return listing.Take();
}

}  // namespace bouncesight
