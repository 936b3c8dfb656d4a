// One open log, read forward a batch at a time. It watches its own past: each batch is read from 64
// bytes before the position, and when those bytes, or the head of the file, are not what they were
// the file was rewritten. Failure lines end alike, so the 64 bytes alone do not tell.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "daemon/count/line_stream.h"
#include "daemon/files/file_identity.h"
#include "daemon/system/log_reader.h"

namespace bouncesight {

class TrackedFile {
 public:
  // For a batch and the overlap in front of it.
  static constexpr std::size_t kBatchBytes = 64 * 1024;
  static constexpr std::size_t kBufferBytes = kBatchBytes + FileIdentity::kTailBytes;

  enum class Step : std::uint8_t {
    kRead,       // some bytes were read
    kEnd,        // nothing new
    kShrunk,     // shorter than what we have read: truncated, or a file server's stale answer
    kRewritten,  // long enough, but not the bytes that we have read
    kFailed,     // the system call failed; error() says why
  };

  // Begins at `offset` of `reader`, whose head and last bytes before the offset are read here; null
  // where that fails. `path`: the name under which the file is followed.
  static std::unique_ptr<TrackedFile> Begin(std::string path, std::unique_ptr<LogReader> reader,
                                            StreamFactory& streams, std::uint64_t offset);

  // At most kBatchBytes. Two system calls where nothing is new, about four where there is: the
  // bytes and their end, the size, and the head once more. `buffer` has kBufferBytes and may be
  // shared.
  Step Read(std::span<char> buffer);

  // After kShrunk: does the file, as short as it is, still begin as it did? (An empty one does.)
  // None: it cannot be read.
  std::optional<bool> HeadStillMatches();
  // The file was truncated: goes on from its start.
  void Restart();
  // Another file has given the line that is begun here: it is not this one's, unless it goes on.
  void NoteBegunLineIsCounted() { counted_end_ = read_offset_; }
  bool begun_line_is_counted() const { return counted_end_ == read_offset_ && read_offset_ > 0; }
  // Nothing more will come: the last line is given even without its newline.
  void Finish();

  FilePosition Position() const;  // without `current`
  const std::string& path() const { return path_; }
  void set_true_path(std::string path) { true_path_ = std::move(path); }
  const std::string& head() const { return head_; }            // the first bytes that were read
  const std::string& line_tail() const { return line_tail_; }  // those before line_offset()
  // Is all read that is there now? A compressed file: when its end was met.
  bool AtEnd() { return plain() ? Unread() == 0 : at_end_; }
  FileId id() const { return id_; }
  std::uint64_t read_offset() const { return read_offset_; }
  std::uint64_t line_offset() const { return line_tail_offset_; }  // after the last counted line
  // Its last write when it was last read; while nothing is counted, when it was begun, before all
  // that it was seen to hold: there is nothing else then to tell what came after.
  std::int64_t modified_ns() const { return modified_ns_; }
  void set_modified_ns(std::int64_t time) { modified_ns_ = time; }
  // Seen on disk. It is this file's once a read has proved that it was not rewritten.
  void NoteSize(std::uint64_t size) { unproven_size_ = size; }
  int error() const { return error_; }
  // Bytes in the file after what was read; 0 for a compressed one.
  std::uint64_t Unread();
  bool plain() const { return reader_->plain(); }
  LogReader& reader() { return *reader_; }

 private:
  TrackedFile(std::string path, std::unique_ptr<LogReader> reader,
              std::unique_ptr<LineStream> stream, std::uint64_t offset);

  bool LoadPast();
  Step CompareHead();
  Step ShorterThanRead();
  // `info`: what the file was when they were read; null: it could not be asked.
  void Take(std::string_view overlap_and_bytes, std::size_t overlap, const FileInfo* info);
  void FeedAroundHoles(std::string_view bytes);
  void SkipHole(std::string_view last_bytes);
  void RememberLineEnd(std::string_view overlap_and_bytes, std::uint64_t first_offset);

  std::string path_;
  std::string true_path_;
  std::unique_ptr<LogReader> reader_;
  std::unique_ptr<LineStream> stream_;
  FileId id_;
  std::int64_t modified_ns_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t unproven_size_ = 0;
  std::uint64_t read_offset_;
  std::uint64_t counted_end_ = 0;
  std::string head_;       // the first bytes read, at most FileIdentity::kHeadBytes
  std::string tail_;       // the last bytes read, at most FileIdentity::kTailBytes
  std::string line_tail_;  // the same before the end of the last counted line
  std::uint64_t line_tail_offset_;
  int error_ = 0;
  bool at_end_ = false;
};

}  // namespace bouncesight
