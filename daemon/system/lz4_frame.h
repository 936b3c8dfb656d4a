// Where an LZ4 frame ends, told by its own lengths: libarchive takes what follows for the end of
// the file, and says nothing of it.
//
// A frame is a head, blocks behind their sizes, and a size of 0; then a checksum, if the head says
// so. One of the old kind is blocks behind their sizes up to the end of the file, or to what can be
// no size (github.com/lz4/lz4, doc/lz4_Frame_format.md).
#pragma once

#include <cstdint>
#include <string_view>

namespace bouncesight {

class Lz4Frame {
 public:
  // How many of `bytes`, which begin with what was not taken the last time, belong to the frame. 0:
  // it has ended, or takes more of them to tell.
  std::size_t Take(std::string_view bytes);
  bool ended() const { return ended_; }

 private:
  bool ReadHead(std::string_view bytes);

  std::uint64_t passing_ = 0;  // bytes up to the next head
  unsigned char flags_ = 0;
  bool begun_ = false;
  bool old_ = false;
  bool closing_ = false;  // what is passed is the last of it
  bool ended_ = false;
};

}  // namespace bouncesight
