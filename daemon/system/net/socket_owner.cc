#include "daemon/system/net/socket_owner.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bouncesight {
namespace {

namespace files = std::filesystem;

constexpr const char* kOurName = "bouncesight";
constexpr std::string_view kAnyV4 = "00000000";
constexpr std::string_view kAnyV6 = "00000000000000000000000000000000";

struct Row {
  std::string inode;
  std::optional<uid_t> user;  // of its program; /proc/net/unix does not say
};

// As the tables spell an address: words in the order of this machine.
std::string HexOf(const std::string& host) {
  std::array<std::uint32_t, 4> words{};
  std::size_t count = 1;
  if (::inet_pton(AF_INET, host.c_str(), words.data()) != 1) {
    count = ::inet_pton(AF_INET6, host.c_str(), words.data()) == 1 ? words.size() : 0;
  }
  std::string hex;
  for (std::size_t i = 0; i < count; ++i) {
    std::array<char, 9> word{};
    std::snprintf(word.data(), word.size(), "%08X", words[i]);
    hex += word.data();
  }
  return hex;
}

bool Overlap(std::string_view a, std::string_view b) {
  return a == b || a == kAnyV4 || a == kAnyV6 || b == kAnyV4 || b == kAnyV6;
}

// "sl local remote state queues timer retransmissions user timeout inode".
std::optional<Row> InternetRow(const std::string& line, const ListenAddress& wanted) {
  std::istringstream fields(line);
  std::string slot, local, remote, state, queues, timer, retransmissions, timeout;
  Row row;
  uid_t user = 0;
  fields >> slot >> local >> remote >> state >> queues >> timer >> retransmissions >> user >>
      timeout >> row.inode;
  row.user = user;
  const bool listens = wanted.transport == Transport::kUdp || state == "0A";
  const auto colon = local.find(':');
  if (!fields || !listens || colon == std::string::npos) return std::nullopt;
  const bool port = std::strtoul(local.c_str() + colon + 1, nullptr, 16) == wanted.port;
  const bool host = Overlap(std::string_view(local).substr(0, colon), HexOf(wanted.host));
  return port && host ? std::optional(row) : std::nullopt;
}

// "slot count protocol flags type state inode path".
std::optional<Row> UnixRow(const std::string& line, const ListenAddress& wanted) {
  std::istringstream fields(line);
  std::string skipped, path;
  Row row;
  for (int field = 0; field < 6; ++field) fields >> skipped;
  fields >> row.inode >> path;
  const bool accepted = row.inode != "0";  // no connection that waits for that
  return fields && accepted && path == wanted.name ? std::optional(row) : std::nullopt;
}

std::vector<const char*> TablesOf(Transport transport) {
  switch (transport) {
    case Transport::kUdp:
      return {"/proc/net/udp", "/proc/net/udp6"};
    case Transport::kTcp:
    case Transport::kTls:
      return {"/proc/net/tcp", "/proc/net/tcp6"};
    case Transport::kUnixDatagram:
    case Transport::kUnixStream:
      return {"/proc/net/unix"};
    case Transport::kSystemd:
      break;
  }
  return {};
}

bool HasDescriptor(const files::path& process, const std::string& link) {
  std::error_code error;
  for (files::directory_iterator it(process / "fd", error), end; !error && it != end;
       it.increment(error)) {
    std::error_code unread;
    if (files::read_symlink(it->path(), unread) == link) return true;
  }
  return false;
}

std::string LinkOf(const Row& row) { return "socket:[" + row.inode + "]"; }

// A unix socket that was taken from us bears its path still: another program's goes before it.
std::optional<Row> FindRow(const ListenAddress& wanted) {
  std::optional<Row> own;
  for (const char* table : TablesOf(wanted.transport)) {
    const bool is_unix = std::string_view(table).ends_with("unix");
    std::ifstream in(table);
    std::string line;
    while (std::getline(in, line)) {
      auto row = is_unix ? UnixRow(line, wanted) : InternetRow(line, wanted);
      if (row && !(is_unix && HasDescriptor("/proc/self", LinkOf(*row)))) return row;
      if (row && !own) own = row;
    }
  }
  return own;
}

std::string NameOf(const files::path& process) {
  std::ifstream in(process / "comm");
  std::string name;
  std::getline(in, name);
  return name;
}

// A process of our name that is not this one, and whose user is the socket's.
bool IsOurs(const files::path& process, const std::string& name, const Row& row) {
  struct stat info {};
  if (name != kOurName || process.filename() == std::to_string(::getpid())) return false;
  return !row.user || (::stat(process.c_str(), &info) == 0 && info.st_uid == *row.user);
}

}  // namespace

std::string SocketOwner::Text() const {
  if (program.empty()) return "another program";
  return program + " (process " + std::to_string(process) + ")";
}

std::optional<SocketOwner> FindSocketOwner(const ListenAddress& address) {
  const std::optional<Row> row = FindRow(address);
  if (!row) return std::nullopt;
  SocketOwner owner;
  const std::string link = LinkOf(*row);
  std::error_code error;
  for (files::directory_iterator it("/proc", error), end; !error && it != end;
       it.increment(error)) {
    const std::string id = it->path().filename().string();
    if (!std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; })) continue;
    const std::string name = NameOf(it->path());
    if (HasDescriptor(it->path(), link)) {
      int process = 0;
      std::from_chars(id.data(), id.data() + id.size(), process);
      return SocketOwner{name, process, name == kOurName};
    }
    owner.ours = owner.ours || IsOurs(it->path(), name, *row);
  }
  return owner;
}

std::string ListenRemedy(int error, const ListenAddress& address, std::string_view unit) {
  switch (error) {
    case EADDRINUSE: {
      const auto owner = FindSocketOwner(address);
      if (!owner || owner->program.empty()) {
        return "; another program listens there: as root `ss -lnp` names it";
      }
      if (owner->process == 1) {
        return "; systemd listens there, for a socket unit that `systemctl list-sockets` names: "
               "take the socket from it, or stop it";
      }
      return "; " + owner->Text() + " listens there: stop it, or use another port";
    }
    case EADDRNOTAVAIL:
      return "; no interface of this host has the address: `ip addr` lists them";
    case EACCES:
    case EPERM:
      if (address.port == 0 || address.port >= 1024) return {};
      return "; a port below 1024 needs the socket unit " + std::string(unit) +
             ", or use one above";
    default:
      return {};
  }
}

}  // namespace bouncesight
