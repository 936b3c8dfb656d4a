// Which of a source's sockets have something, and the worker woken when one does while it is idle.
// One epoll set holds them all; Asio waits for the set as a whole, so that a turn asks with one
// system call (one more for every 64 that have something) and no socket needs a handler of its own.
#pragma once

#include <functional>
#include <memory>

#include "parsers/event/result.h"

namespace boost::asio {
class io_context;
}

namespace bouncesight {

// One thread, that of `io`.
class Readiness {
 public:
  // `io` outlives it.
  explicit Readiness(boost::asio::io_context& io);
  ~Readiness();

  // From now on `tag` is told of whenever `fd` becomes readable or writable (by edges: the socket
  // must then be used until it would block). A socket leaves the set when it is closed. An Error:
  // no descriptor or no memory for that; whoever reads the socket by and by may try again.
  Status Add(int fd, void* tag);

  // Calls ready(tag) for each that became ready. Never blocks.
  void Poll(const std::function<void(void*)>& ready);

  // Calls `wake` once, from `io`, as soon as Poll would find something. Cheap when it waits
  // already.
  void WakeOnNews(const std::function<void()>& wake);

 private:
  struct Waiter;
  bool MakeSet();  // false: errno says why

  std::shared_ptr<Waiter> waiter_;
};

}  // namespace bouncesight
