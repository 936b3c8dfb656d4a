// Comes to a place deep in a compressed log step by step, and still knows the head and the last
// bytes on its way, so that they can be compared without unpacking all anew.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "daemon/files/file_identity.h"
#include "daemon/system/log_reader.h"

namespace bouncesight {

class SkippingReader final : public LogReader {
 public:
  explicit SkippingReader(std::unique_ptr<LogReader> inner) : inner_(std::move(inner)) {}

  enum class Step : std::uint8_t { kThere, kMore, kShort, kFailed };
  // Unpacks at most `most` bytes on the way to `offset`. kShort: the file ends before; kFailed:
  // error() says why.
  Step SkipTowards(std::uint64_t offset, std::size_t most);
  int error() const { return error_; }

  std::int64_t ReadAt(std::span<char> buffer, std::uint64_t offset) override;
  int Info(FileInfo& info) override { return inner_->Info(info); }
  bool plain() const override { return inner_->plain(); }
  std::string why() const override { return inner_->why(); }

 private:
  void Remember(std::string_view bytes);

  std::unique_ptr<LogReader> inner_;
  std::uint64_t position_ = 0;  // skipped so far
  int error_ = 0;
  std::string head_;
  std::string tail_;  // the bytes before position_
};

}  // namespace bouncesight
