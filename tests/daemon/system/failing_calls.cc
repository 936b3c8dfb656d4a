#include "tests/daemon/system/failing_calls.h"

#include <cerrno>
#include <utility>

#include <dlfcn.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/daemon/system/failing_file_calls.h"

namespace bouncesight {
namespace {

thread_local FailingCalls* armed_calls = nullptr;

}  // namespace

FailingCalls::Armed::Armed(FailingCalls& calls) { armed_calls = &calls; }
FailingCalls::Armed::~Armed() { armed_calls = nullptr; }

int FailingCalls::Ask(const char* name) {
  if (!only_.empty() && only_ != name) return 0;
  calls_.emplace_back(name);
  if (calls_.size() < nth_ || nth_ == 0 || times_ == 0 || calls_[nth_ - 1] != name) return 0;
  --times_;
  return error_;
}

const std::vector<int>& CallFaultsOf(const std::string& call) {
  static const std::map<std::string, std::vector<int>> kFaults = {
      {"socket", {EMFILE, ENFILE, ENOBUFS, ENOMEM}},
      {"bind", {EADDRINUSE, EACCES, ENOMEM}},
      {"listen", {EADDRINUSE}},
      {"accept", {EMFILE, ENFILE, ENOBUFS, ENOMEM, EINTR, ECONNABORTED, EPROTO, EPERM}},
      {"accept4", {EMFILE, ENFILE, ENOBUFS, ENOMEM, EINTR, ECONNABORTED, EPROTO, EPERM}},
      {"recv", {EINTR, ENOMEM, ENOBUFS, ECONNRESET, ETIMEDOUT}},
      {"recvmsg", {EINTR, ENOMEM, ENOBUFS, ECONNRESET, ETIMEDOUT}},
      {"recvmmsg", {EINTR, ENOMEM, ENOBUFS}},
      {"send", {EINTR, ENOMEM, ENOBUFS, ECONNRESET, EPIPE}},
      {"sendmsg", {EINTR, ENOMEM, ENOBUFS, ECONNRESET, EPIPE}},
      {"setsockopt", {ENOMEM, ENOBUFS, EPERM}},
      {"getsockopt", {ENOMEM, ENOBUFS}},
      {"getsockname", {ENOBUFS}},
      {"epoll_create1", {EMFILE, ENFILE, ENOMEM}},
      {"epoll_ctl", {ENOMEM, ENOSPC}},
      {"epoll_wait", {EINTR}},
      {"poll", {EINTR, ENOMEM}},
      {"read", {EINTR, EIO}},
  };
  return kFaults.at(call);
}

namespace {

template <typename Function, typename... Values>
auto FailOrCall(const char* name, Function*, Values... values)
    -> decltype(std::declval<Function>()(values...)) {
  if (armed_calls != nullptr) {
    if (const int error = armed_calls->Ask(name)) {
      errno = error;
      return -1;
    }
  }
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name))(values...);
}

}  // namespace
}  // namespace bouncesight

using bouncesight::FailOrCall;

extern "C" {

int socket(int domain, int type, int protocol) noexcept {
  return FailOrCall("socket", &::socket, domain, type, protocol);
}
int bind(int fd, const sockaddr* address, socklen_t size) noexcept {
  return FailOrCall("bind", &::bind, fd, address, size);
}
int listen(int fd, int backlog) noexcept { return FailOrCall("listen", &::listen, fd, backlog); }
int accept(int fd, sockaddr* address, socklen_t* size) {
  return FailOrCall("accept", &::accept, fd, address, size);
}
int accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
  return FailOrCall("accept4", &::accept4, fd, address, size, flags);
}
ssize_t recv(int fd, void* bytes, size_t size, int flags) {
  return FailOrCall("recv", &::recv, fd, bytes, size, flags);
}
ssize_t recvmsg(int fd, msghdr* message, int flags) {
  return FailOrCall("recvmsg", &::recvmsg, fd, message, flags);
}
int recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
  return FailOrCall("recvmmsg", &::recvmmsg, fd, messages, count, flags, timeout);
}
ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  return FailOrCall("send", &::send, fd, bytes, size, flags);
}
ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  return FailOrCall("sendmsg", &::sendmsg, fd, message, flags);
}
int setsockopt(int fd, int level, int option, const void* value, socklen_t size) noexcept {
  return FailOrCall("setsockopt", &::setsockopt, fd, level, option, value, size);
}
int getsockopt(int fd, int level, int option, void* value, socklen_t* size) noexcept {
  return FailOrCall("getsockopt", &::getsockopt, fd, level, option, value, size);
}
int getsockname(int fd, sockaddr* address, socklen_t* size) noexcept {
  return FailOrCall("getsockname", &::getsockname, fd, address, size);
}
int epoll_create1(int flags) noexcept {
  return FailOrCall("epoll_create1", &::epoll_create1, flags);
}
int epoll_ctl(int set, int what, int fd, epoll_event* event) noexcept {
  // To take something out of a set never fails.
  if (what == EPOLL_CTL_DEL) {
    bouncesight::FailingCalls* const armed = std::exchange(bouncesight::armed_calls, nullptr);
    const int result = FailOrCall("epoll_ctl", &::epoll_ctl, set, what, fd, event);
    bouncesight::armed_calls = armed;
    return result;
  }
  return FailOrCall("epoll_ctl", &::epoll_ctl, set, what, fd, event);
}
int epoll_wait(int set, epoll_event* events, int most, int timeout) {
  return FailOrCall("epoll_wait", &::epoll_wait, set, events, most, timeout);
}
int poll(pollfd* fds, nfds_t count, int timeout) {
  return FailOrCall("poll", &::poll, fds, count, timeout);
}
ssize_t read(int fd, void* bytes, size_t size) {
  if (bouncesight::FailingFileCalls* const files = bouncesight::FailingFileCalls::armed()) {
    if (const int error = files->AskFd("read", fd, &size)) {
      errno = error;
      return -1;
    }
  }
  return FailOrCall("read", &::read, fd, bytes, size);
}

}  // extern "C"
