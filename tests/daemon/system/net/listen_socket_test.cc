#include "daemon/system/net/listen_socket.h"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/daemon/syslog/syslog_world.h"

namespace bouncesight {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string Complaint(SyslogWorld& world, const std::string& listen) {
  world.config.listen = {listen};
  const auto setup = SetUpSyslog(world.config, world.pool, world.fs);
  return setup ? "none" : setup.error().message;
}

TEST(ListenSocket, SaysWhoseAddressIsTakenAndHowToFindTheOther) {
  SyslogWorld first;
  first.Start({"udp://127.0.0.1:0", "tcp://127.0.0.1:0"});
  SyslogWorld second;
  for (const std::string& address : {"udp://127.0.0.1:" + std::to_string(first.port(0)),
                                     "tcp://127.0.0.1:" + std::to_string(first.port(1))}) {
    EXPECT_THAT(Complaint(second, address),
                AllOf(HasSubstr("source relay: cannot listen on " + address), HasSubstr("in use"),
                      HasSubstr("(process " + std::to_string(::getpid()) +
                                ") listens there: stop it, or use another port")));
  }
  EXPECT_THAT(Complaint(second, "udp://192.0.2.1:5514"), HasSubstr("no interface of this host"));
}

// It lies under the path still, as far as the kernel's table goes.
TEST(ListenSocket, NamesNotItselfButWhoHasTakenTheSocketAway) {
  const TemporaryFolder folder;
  const std::string path = folder / "log";
  SyslogWorld world;
  world.Start({"unix://" + path});
  std::filesystem::remove(path);
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t other = ::fork();
  if (other == 0) {
    ::close(ready[0]);
    for (int fd = 3; fd < 1024; ++fd) {
      if (fd != ready[1]) ::close(fd);
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char told = 0;
  EXPECT_EQ(::read(ready[0], &told, 1), 1);
  const Status status = ListenSocket::Probe(*ParseListenAddress("unix://" + path));
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message,
              HasSubstr("(process " + std::to_string(other) + ") listens there"));
}

TEST(ListenSocket, TellsWithoutATraceWhetherItCouldBeOpened) {
  const TemporaryFolder folder;
  SyslogWorld first;
  first.Start({"udp://127.0.0.1:0", "tcp://127.0.0.1:0", "unix://" + (folder / "taken")});
  const std::string udp = "udp://127.0.0.1:" + std::to_string(first.port(0));
  const std::string tcp = "tcp://0.0.0.0:" + std::to_string(first.port(1));
  std::filesystem::create_directory(folder / "sub");
  {
    SyslogWorld gone;  // its file is left over, for another one's lies there by then
    gone.Start({"unix://" + (folder / "stale")});
    std::filesystem::rename(folder / "stale", folder / "sub/stale");
  }
  struct Case {
    std::string address;
    const char* words;  // empty: it could be
  };
  const std::string us = "(process " + std::to_string(::getpid()) + ") listens there";
  const Case cases[] = {
      {udp, us.c_str()},
      {tcp, us.c_str()},
      {"unix://" + (folder / "taken"), us.c_str()},
      {"unix://" + (folder / "sub/stale"), ""},
      {"unix://" + (folder / "nowhere/log"), "does the folder exist"},
      {"udp://192.0.2.1:5514", "no interface of this host"},
      {"udp://127.0.0.1:0", ""},
  };
  for (const Case& each : cases) {
    const auto address = ParseListenAddress(each.address);
    ASSERT_TRUE(address);
    const Status status = ListenSocket::Probe(*address);
    EXPECT_THAT(status ? "" : status.error().message, HasSubstr(each.words)) << each.address;
    EXPECT_EQ(bool(status), *each.words == 0) << each.address;
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "sub/stale"));
}

TEST(ListenSocket, RemovesItsFileAtTheEnd) {
  const TemporaryFolder folder;
  const std::string path = folder / "log";
  {
    SyslogWorld world;
    world.Start({"unix://" + path});
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0666u);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ListenSocket, LeavesAFileThatIsAnothersByNow) {
  const TemporaryFolder folder;
  const std::string path = folder / "log";
  {
    SyslogWorld world;
    world.Start({"unix://" + path});
    std::filesystem::remove(path);
    std::ofstream(path) << "another's";
  }
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(ListenSocket, ReplacesASocketFileThatNobodyListensOn) {
  const TemporaryFolder folder;
  for (const auto& [scheme, type] :
       {std::pair{"unix://", SOCK_DGRAM}, {"unix-stream://", SOCK_STREAM}}) {
    const std::string path = folder / (type == SOCK_DGRAM ? "log" : "stream");
    {
      const OwnedFd left(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
      const sockaddr_un address = UnixPath(path);
      ASSERT_EQ(::bind(left.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    SyslogWorld world;
    world.Start({scheme + path});
    Sender(type, UnixPath(path)).Send("<22>one\n");
    ASSERT_TRUE(world.TurnUntilLines(1)) << scheme;
  }
}

TEST(ListenSocket, KeepsItsHandsOffWhatIsInUseOrNoSocket) {
  const TemporaryFolder folder;
  SyslogWorld first;
  first.Start({"unix://" + folder / "log", "unix-stream://" + folder / "stream"});
  SyslogWorld second;
  EXPECT_THAT(Complaint(second, "unix://" + folder / "log"),
              HasSubstr(") listens there; stop it, or"));
  EXPECT_THAT(Complaint(second, "unix-stream://" + folder / "stream"),
              HasSubstr(") listens there; stop it, or"));
  std::ofstream(folder / "file") << "precious";
  EXPECT_THAT(Complaint(second, "unix://" + folder / "file"), HasSubstr("is not a socket"));
  EXPECT_TRUE(std::filesystem::exists(folder / "file"));
  EXPECT_THAT(Complaint(second, "unix://" + folder / "none/log"),
              HasSubstr("does the folder exist"));
}

TEST(SocketPool, GivesEverySocketOfTheNameThatSystemdHandedOver) {
  const TemporaryFolder folder;
  SyslogWorld world;
  const auto datagrams = ListenSocket::Open(*ParseListenAddress("udp://127.0.0.1:0"));
  const auto streams = ListenSocket::Open(*ParseListenAddress("tcp://127.0.0.1:0"));
  ASSERT_TRUE(datagrams && streams);
  SocketPool pool({{::dup((*datagrams)->fd()), "syslog"},
                   {::dup((*streams)->fd()), "syslog"},
                   {::dup((*streams)->fd()), "other"},
                   {77, "http"}});
  world.config.listen = {"systemd:syslog"};
  auto setup = SetUpSyslog(world.config, pool, world.fs);
  ASSERT_TRUE(setup) << setup.error().message;
  EXPECT_THAT(setup->sockets, SizeIs(2));
  EXPECT_THAT(pool.TakeHttp(), ElementsAre(77)) << "no socket of syslog's";
  EXPECT_THAT(pool.Unused(), ElementsAre("other"));
  RecordingStreams recording(world.lines);
  world.source =
      std::make_unique<SyslogSource>(std::move(*setup), world.clock, recording, world.io);
  Sender::Udp((*datagrams)->port()).Send("<22>one");
  Sender::Tcp((*streams)->port()).Send("<22>two\n");
  ASSERT_TRUE(world.TurnUntilLines(2));
  world.config.listen = {"systemd:sylsog"};
  const auto wrong = SetUpSyslog(world.config, pool, world.fs);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message,
              AllOf(HasSubstr("source relay: systemd:sylsog"), HasSubstr("FileDescriptorName=")));
}

}  // namespace
}  // namespace bouncesight
