#include <fcntl.h>
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include "tests/daemon/syslog/syslog_world.h"
#include "tests/daemon/web/made_certificate.h"

namespace bouncesight {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A client that never blocks: each step is taken between two turns of the source.
class TlsSender {
 public:
  TlsSender(std::uint16_t port, const MadeCertificate* own)
      : socket_(Sender::Tcp(port)), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    if (own != nullptr) {
      SSL_CTX_use_certificate(context_.get(), own->certificate.get());
      SSL_CTX_use_PrivateKey(context_.get(), own->key.get());
    }
    ssl_ = {SSL_new(context_.get()), SSL_free};
    SSL_set_fd(ssl_.get(), socket_.fd());
    ::fcntl(socket_.fd(), F_SETFL, O_NONBLOCK);
    SSL_set_connect_state(ssl_.get());
  }

  bool Send(const std::string& bytes) {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  // What the server calls itself.
  std::string ServerName() {
    char name[64] = "";
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        SSL_get1_peer_certificate(ssl_.get()), X509_free);
    if (!certificate) return name;
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name,
                              sizeof name);
    return name;
  }
  const Sender& socket() const { return socket_; }

 private:
  Sender socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
};

class SyslogTls : public testing::Test {
 protected:
  void SetUp() override {
    world.config.cert_file = folder / "relay.crt";
    world.config.key_file = folder / "relay.key";
    MakeCertificate("relay").Write(world.config.cert_file, world.config.key_file);
  }

  TemporaryFolder folder;
  SyslogWorld world;
};

TEST_F(SyslogTls, CarriesMessagesOfAnySize) {
  world.Start({"tls://127.0.0.1:0"});
  TlsSender sender(world.port(), nullptr);
  ASSERT_TRUE(world.TurnUntil([&] { return sender.Send("7 <22>one<22>two\n"); }));
  const std::string large(40'000, 'x');  // of several records
  ASSERT_TRUE(world.TurnUntil([&] { return sender.Send(large + "\n"); }));
  ASSERT_TRUE(world.TurnUntilLines(3));
  EXPECT_THAT(world.lines, ElementsAre("<22>one", "<22>two", large));
}

TEST_F(SyslogTls, TakesOnlySendersWhoseCertificateIsSignedWhereThatIsAsked) {
  const MadeCertificate client = MakeCertificate("client");
  const MadeCertificate stranger = MakeCertificate("stranger");
  client.Write(folder / "client.crt", folder / "client.key");
  world.config.client_ca_file = folder / "client.crt";
  world.Start({"tls://127.0.0.1:0"});
  std::uint64_t refused = 0;
  for (const MadeCertificate* own : {static_cast<const MadeCertificate*>(nullptr), &stranger}) {
    TlsSender sender(world.port(), own);
    ++refused;
    ASSERT_TRUE(world.TurnUntil([&] {
      sender.Send("<22>refused\n");
      return world.Ended("no_handshake") == refused;
    }));
  }
  TlsSender sender(world.port(), &client);
  ASSERT_TRUE(world.TurnUntil([&] { return sender.Send("<22>taken\n"); }));
  ASSERT_TRUE(world.TurnUntilLines(1));
  EXPECT_THAT(world.lines, ElementsAre("<22>taken"));
}

TEST_F(SyslogTls, GivesUpOnWhoDoesNotSpeakItOrTakesTooLong) {
  world.Start({"tls://127.0.0.1:0"});
  const Sender plain = Sender::Tcp(world.port());
  plain.Send("<22>this is not a handshake\n");
  ASSERT_TRUE(world.TurnUntil([&] { return world.Ended("no_handshake") == 1; }));
  const Sender silent = Sender::Tcp(world.port());
  ASSERT_TRUE(world.TurnUntil([&] { return world.Live().open_connections == 1u; }));
  world.clock.Advance(SyslogSource::kHandshakeTime + std::chrono::seconds(1));
  world.source->Turn();
  EXPECT_EQ(world.Ended("no_handshake"), 2u);
  EXPECT_TRUE(silent.SeesTheEnd());
  EXPECT_THAT(world.lines, testing::IsEmpty());
}

TEST_F(SyslogTls, TakesARenewedCertificateUpAndKeepsTheOldOneWhenItIsBad) {
  world.Start({"tls://127.0.0.1:0"});
  const auto connect = [&] {
    world.clock.Advance(std::chrono::seconds(2));
    TlsSender sender(world.port(), nullptr);
    EXPECT_TRUE(world.TurnUntil([&] { return sender.Send("<22>one\n"); }));
    return sender.ServerName();
  };
  EXPECT_EQ(connect(), "relay");
  std::filesystem::remove(world.config.key_file);
  EXPECT_EQ(connect(), "relay");
  MakeCertificate("renewed").Write(world.config.cert_file, world.config.key_file);
  EXPECT_EQ(connect(), "renewed");
}

TEST_F(SyslogTls, NamesTheFileThatCannotBeUsed) {
  world.config.listen = {"tls://127.0.0.1:0"};
  world.config.cert_file = folder / "none.crt";
  const auto setup = SetUpSyslog(world.config, world.pool, world.fs);
  ASSERT_FALSE(setup);
  EXPECT_THAT(setup.error().message, HasSubstr("source relay: " + folder / "none.crt"));
}

}  // namespace
}  // namespace bouncesight
