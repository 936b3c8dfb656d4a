// A socket that a syslog source listens on: bound by us, or handed over by systemd.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "daemon/system/file_id.h"
#include "daemon/system/mutex.h"
#include "daemon/system/net/listen_address.h"
#include "daemon/system/net/peer_address.h"
#include "daemon/system/owned_fd.h"
#include "parsers/event/result.h"

namespace bouncesight {

// Two sources may use it at once for the moment in which one replaces the other; all methods may be
// called by both. Its end closes it, and removes the file of a unix socket that it has made.
class ListenSocket {
 public:
  // What is asked of the kernel for datagrams: it holds what comes while a turn or a commit lasts.
  static constexpr int kReceiveBuffer = 8 * 1024 * 1024;

  // Binds, and listens where there are connections; never blocks. An Error says what stood in the
  // way and the remedy, without the address.
  //
  // The file of a unix socket gets mode 0666, as /dev/log has: who may send is decided by its
  // folder. One that is left over is replaced, one that somebody listens on is not.
  static Result<std::shared_ptr<ListenSocket>> Open(const ListenAddress& address);
  // Could it be opened now? Binds for a moment, and leaves nothing behind; the words are Open's.
  // One that systemd hands over is not asked for.
  static Status Probe(const ListenAddress& address);
  // Takes `fd`, of any kind that we know.
  static Result<std::shared_ptr<ListenSocket>> Adopt(int fd, const std::string& name);

  ~ListenSocket();
  ListenSocket(const ListenSocket&) = delete;
  ListenSocket& operator=(const ListenSocket&) = delete;

  int fd() const { return fd_.get(); }
  bool is_stream() const { return stream_; }
  bool is_tls() const { return tls_; }
  // For messages: "udp://127.0.0.1:5514", with the port that was bound.
  const std::string& text() const { return text_; }
  std::uint16_t port() const;

  // Whether another program has removed the file of this unix socket, or put its own in its place:
  // nobody can send to it any more.
  bool HasLostItsFile() const;

  // Takes the next connection, which never blocks: 0, or -EAGAIN when none waits, or -errno.
  int Accept(OwnedFd& connection, PeerAddress& peer) const;

  // Datagrams that the kernel has dropped because they were not read in time. Never falls.
  std::uint64_t Drops();
  // The kernel's counter, as it came with a datagram.
  void NoteDrops(std::uint32_t counter);

 private:
  ListenSocket(OwnedFd fd, std::string text) : fd_(std::move(fd)), text_(std::move(text)) {}

  Status Bind(const ListenAddress& address);
  Status BindUnix(const ListenAddress& address);
  Status SetUp();

  OwnedFd fd_;
  std::string text_;
  bool stream_ = false, tls_ = false;
  std::string path_;  // of a file that we have made
  FileId file_;
  Mutex drops_mutex_;
  std::uint32_t last_drops_ GUARDED_BY(drops_mutex_) = 0;
  std::uint64_t drops_ GUARDED_BY(drops_mutex_) = 0;
};

}  // namespace bouncesight
