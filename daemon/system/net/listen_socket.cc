#include "daemon/system/net/listen_socket.h"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/system/log.h"
#include "daemon/system/net/socket_owner.h"

namespace bouncesight {
namespace {

constexpr int kBacklog = 128;
constexpr mode_t kUnixMode = 0666;
constexpr std::size_t kMemInfoWords = 9;  // of SO_MEMINFO, linux/sock_diag.h
constexpr std::size_t kMemInfoDrops = 8;

Error Complaint(const std::string& remedy) {
  const std::string what = std::strerror(errno);
  return Error{what + (remedy.empty() ? "" : "; " + remedy)};
}

bool IsUnix(Transport transport) {
  return transport == Transport::kUnixDatagram || transport == Transport::kUnixStream;
}

bool IsDatagram(Transport transport) {
  return transport == Transport::kUdp || transport == Transport::kUnixDatagram;
}

void Set(int fd, int level, int option, int value) {
  ::setsockopt(fd, level, option, &value, sizeof value);
}

socklen_t InternetAddress(const ListenAddress& address, sockaddr_storage& out) {
  sockaddr_in v4{};
  if (::inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    std::memcpy(&out, &v4, sizeof v4);
    return sizeof v4;
  }
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr) != 1) return 0;
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(address.port);
  std::memcpy(&out, &v6, sizeof v6);
  return sizeof v6;
}

sockaddr_un UnixAddress(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

template <typename Address>
bool CallWith(int (*call)(int, const sockaddr*, socklen_t), int fd, const Address& address,
              socklen_t size = sizeof(Address)) {
  return call(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0;
}

// May a socket be made at `path`, in place of one whose program has gone? `stale`: there is one.
Status LookAtUnix(const ListenAddress& address, int type, bool& stale) {
  const std::string& path = address.name;
  struct stat info {};
  stale = ::lstat(path.c_str(), &info) == 0;
  if (!stale) return Ok{};
  if (!S_ISSOCK(info.st_mode))
    return Error{"the file is not a socket; remove it, or use another path"};
  const OwnedFd probe(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (CallWith(::connect, probe.get(), UnixAddress(path)) || errno != ECONNREFUSED) {
    const auto owner = FindSocketOwner(address);
    return Error{(owner ? owner->Text() : "another program") +
                 " listens there; stop it, or use another path"};
  }
  return Ok{};
}

constexpr const char* kFolderRemedy = "does the folder exist, and may this user write to it?";

Error BindComplaint(const ListenAddress& address) {
  const int error = errno;  // who has the address is looked for meanwhile
  return Error{std::strerror(error) + ListenRemedy(error, address, "bouncesight-syslog.socket")};
}

}  // namespace

Result<std::shared_ptr<ListenSocket>> ListenSocket::Open(const ListenAddress& address) {
  sockaddr_storage internet{};
  const bool is_unix = IsUnix(address.transport);
  if (!is_unix && InternetAddress(address, internet) == 0) return Error{"this is not an address"};
  const int family = is_unix ? AF_UNIX : internet.ss_family;
  const int type = IsDatagram(address.transport) ? SOCK_DGRAM : SOCK_STREAM;
  OwnedFd fd(::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return Complaint("");
  const std::shared_ptr<ListenSocket> made(new ListenSocket(std::move(fd), address.text));
  made->tls_ = address.transport == Transport::kTls;
  if (Status status = made->Bind(address); !status) return status.error();
  if (Status status = made->SetUp(); !status) return status.error();
  return made;
}

Status ListenSocket::Probe(const ListenAddress& address) {
  if (address.transport == Transport::kSystemd) return Ok{};
  if (IsUnix(address.transport)) {
    const int type = IsDatagram(address.transport) ? SOCK_DGRAM : SOCK_STREAM;
    bool stale = false;
    if (Status status = LookAtUnix(address, type, stale); !status) return status;
    const std::string folder = address.name.substr(0, address.name.rfind('/') + 1);
    return ::access(folder.c_str(), W_OK) == 0 ? Status(Ok{}) : Complaint(kFolderRemedy);
  }
  sockaddr_storage internet{};
  if (InternetAddress(address, internet) == 0) return Error{"this is not an address"};
  const int type = IsDatagram(address.transport) ? SOCK_DGRAM : SOCK_STREAM;
  OwnedFd fd(::socket(internet.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return Complaint("");
  return ListenSocket(std::move(fd), address.text).Bind(address);
}

Status ListenSocket::Bind(const ListenAddress& address) {
  if (IsUnix(address.transport)) return BindUnix(address);
  sockaddr_storage internet{};
  const socklen_t size = InternetAddress(address, internet);
  // Not for datagrams: two programs could then bind one port, and one would get nothing.
  if (!IsDatagram(address.transport)) Set(fd(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.host == "::") Set(fd(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (!CallWith(::bind, fd(), internet, size)) return BindComplaint(address);
  if (address.port == 0) {
    text_ = text_.substr(0, text_.rfind(':') + 1) + std::to_string(port());
  }
  return Ok{};
}

Status ListenSocket::BindUnix(const ListenAddress& address) {
  const std::string& path = address.name;
  int type = 0;
  socklen_t size = sizeof type;
  ::getsockopt(fd(), SOL_SOCKET, SO_TYPE, &type, &size);
  bool stale = false;
  if (Status status = LookAtUnix(address, type, stale); !status) return status;
  if (stale) ::unlink(path.c_str());
  if (!CallWith(::bind, fd(), UnixAddress(path))) return Complaint(kFolderRemedy);
  struct stat info {};
  if (::chmod(path.c_str(), kUnixMode) != 0 || ::lstat(path.c_str(), &info) != 0) {
    return Complaint("");
  }
  path_ = path;
  file_ = {info.st_dev, info.st_ino};
  return Ok{};
}

Result<std::shared_ptr<ListenSocket>> ListenSocket::Adopt(int fd, const std::string& name) {
  const std::shared_ptr<ListenSocket> made(new ListenSocket(OwnedFd(fd), "systemd:" + name));
  if (Status status = made->SetUp(); !status) return status.error();
  return made;
}

Status ListenSocket::SetUp() {
  ::fcntl(fd(), F_SETFL, ::fcntl(fd(), F_GETFL) | O_NONBLOCK);  // systemd's may block
  int type = 0, listening = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(fd(), SOL_SOCKET, SO_TYPE, &type, &size) != 0) return Complaint("");
  stream_ = type == SOCK_STREAM;
  if (!stream_ && type != SOCK_DGRAM) return Error{"neither a stream nor a datagram socket"};
  size = sizeof listening;
  ::getsockopt(fd(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &size);
  if (stream_) {
    if (listening == 0 && ::listen(fd(), kBacklog) != 0) return BindComplaint({});
    return Ok{};
  }
  if (::setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof(int)) != 0) {
    Set(fd(), SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);
  }
  Set(fd(), SOL_SOCKET, SO_RXQ_OVFL, 1);
  int got = 0;
  size = sizeof got;
  ::getsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &got, &size);
  if (got / 2 < kReceiveBuffer) {  // the kernel doubles what is asked, for its own books
    LogInfo(
        "{}: the kernel gives a receive buffer of {} KiB; to hold longer bursts: sysctl "
        "net.core.rmem_max={}",
        text_, got / 2 / 1024, kReceiveBuffer);
  }
  return Ok{};
}

ListenSocket::~ListenSocket() {
  if (!path_.empty() && !HasLostItsFile()) ::unlink(path_.c_str());
}

bool ListenSocket::HasLostItsFile() const {
  struct stat info {};
  if (path_.empty()) return false;
  if (::lstat(path_.c_str(), &info) != 0) return errno == ENOENT || errno == ENOTDIR;
  return FileId{info.st_dev, info.st_ino} != file_;
}

std::uint16_t ListenSocket::port() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  sockaddr_in v4{};  // the port of both families stands at the same place
  std::memcpy(&v4, &address, sizeof v4);
  return address.ss_family == AF_UNIX ? std::uint16_t{0} : ntohs(v4.sin_port);
}

int ListenSocket::Accept(OwnedFd& connection, PeerAddress& peer) const {
  while (true) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    OwnedFd fd(::accept4(fd_.get(), raw, &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd.valid()) {
      peer = PeerAddress::Of(raw);
      connection = std::move(fd);
      return 0;
    }
    if (errno != ECONNABORTED && errno != EINTR) return -errno;
  }
}

std::uint64_t ListenSocket::Drops() {
  std::uint32_t words[kMemInfoWords] = {};
  socklen_t size = sizeof words;
  // Unlike SO_RXQ_OVFL, it knows of drops that no datagram has followed.
  if (::getsockopt(fd(), SOL_SOCKET, SO_MEMINFO, words, &size) == 0 && size == sizeof words) {
    NoteDrops(words[kMemInfoDrops]);
  }
  const MutexLock lock(drops_mutex_);
  return drops_;
}

void ListenSocket::NoteDrops(std::uint32_t counter) {
  const MutexLock lock(drops_mutex_);
  // A datagram carries the counter of when it was queued, which may be older than what is known;
  // and the counter wraps.
  const std::uint32_t more = counter - last_drops_;
  if (more == 0 || more > 0x7fffffffu) return;
  drops_ += more;
  last_drops_ = counter;
}

}  // namespace bouncesight
