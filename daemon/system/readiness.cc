#include "daemon/system/readiness.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <sys/epoll.h>

#include "daemon/system/owned_fd.h"

namespace bouncesight {
namespace {

namespace posix = boost::asio::posix;

constexpr std::size_t kEvents = 64;

}  // namespace

// Shared with the handler of a wait that outlives its owner.
struct Readiness::Waiter {
  explicit Waiter(boost::asio::io_context& io) : set(io) {}

  posix::stream_descriptor set;  // owns the epoll set
  bool waits = false;
};

Readiness::Readiness(boost::asio::io_context& io) : waiter_(std::make_shared<Waiter>(io)) {
  static_cast<void>(MakeSet());  // Add tries again
}

Readiness::~Readiness() {
  boost::system::error_code ignored;
  waiter_->set.close(ignored);
}

bool Readiness::MakeSet() {
  if (waiter_->set.is_open()) return true;
  OwnedFd made(::epoll_create1(EPOLL_CLOEXEC));
  if (!made.valid()) return false;
  boost::system::error_code error;
  waiter_->set.assign(made.get(), error);
  if (error) {
    errno = error.value();
    return false;
  }
  static_cast<void>(made.Release());
  return true;
}

Status Readiness::Add(int fd, void* tag) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = tag;
  if (MakeSet() && ::epoll_ctl(waiter_->set.native_handle(), EPOLL_CTL_ADD, fd, &event) == 0)
    return Ok{};
  return Error{std::string("cannot watch a socket: ") + std::strerror(errno)};
}

void Readiness::Poll(const std::function<void(void*)>& ready) {
  std::array<epoll_event, kEvents> events{};
  int count = 0;
  if (!waiter_->set.is_open()) return;
  do {
    count = ::epoll_wait(waiter_->set.native_handle(), events.data(), kEvents, 0);
    for (int i = 0; i < count; ++i) ready(events[static_cast<std::size_t>(i)].data.ptr);
  } while (count == static_cast<int>(kEvents));
}

void Readiness::WakeOnNews(const std::function<void()>& wake) {
  if (waiter_->waits || !wake || !waiter_->set.is_open()) return;
  waiter_->waits = true;
  waiter_->set.async_wait(posix::stream_descriptor::wait_read,
                          [waiter = waiter_, wake](boost::system::error_code error) {
                            waiter->waits = false;
                            if (!error) wake();
                          });
}

}  // namespace bouncesight
