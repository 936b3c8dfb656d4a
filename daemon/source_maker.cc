#include "daemon/source_maker.h"

#include "daemon/files/directory_source.h"
#include "daemon/files/file_source.h"
#include "daemon/files/stdin_source.h"
#include "daemon/journal/journal_source.h"
#include "daemon/kafka/kafka_access.h"
#include "daemon/syslog/syslog_source.h"
#include "daemon/system/input_stream.h"

namespace bouncesight {
namespace {

// Its sockets are bound at once, for an address that cannot be had must be told.
Result<Worker::SourceMaker> SyslogMaker(const SourceConfig& config, const SourceWorld& world) {
  auto setup = SetUpSyslog(config, world.sockets, world.fs);
  if (!setup) return setup.error();
  auto shared = std::make_shared<SyslogSetup>(std::move(*setup));
  return Worker::SourceMaker(
      [shared, &clock = world.clock](StreamFactory& streams, boost::asio::io_context& io) {
        return std::make_unique<SyslogSource>(std::move(*shared), clock, streams, io);
      });
}

// Follows what `config` names a second time.
Result<Worker::SourceMaker> MakerOfShipper(const SourceConfig& config, const SourceWorld& world) {
  const auto follow = [config, world](StreamFactory& streams) -> std::unique_ptr<Source> {
    if (config.type == SourceType::kDirectory) {
      return std::make_unique<DirectorySource>(config, world.fs, world.clock, streams);
    }
    return std::make_unique<FileSource>(config, world.fs, world.clock, streams);
  };
  ShipperParts parts{follow, {}};
  if (config.output->send == OutputConfig::Send::kEvents) {
    auto events = MakeEventStreams(config, world.events, world.clock);
    if (!events) return events.error();
    parts.events = std::move(*events);
  }
  return ShipperMaker(config, parts, world.clock);
}

}  // namespace

Result<Worker::SourceMaker> MakerOf(const SourceConfig& config, const SourceWorld& world) {
  if (config.output) return MakerOfShipper(config, world);
  switch (config.type) {
    case SourceType::kFile:
      return Worker::SourceMaker([config, world](StreamFactory& streams, boost::asio::io_context&) {
        return std::make_unique<FileSource>(config, world.fs, world.clock, streams);
      });
    case SourceType::kSyslog:
      return SyslogMaker(config, world);
    case SourceType::kJournal:
      return Worker::SourceMaker([config, world](StreamFactory& streams, boost::asio::io_context&) {
        return std::make_unique<JournalSource>(config, world.fs, world.clock, streams);
      });
    case SourceType::kDirectory:
      return Worker::SourceMaker([config, world](StreamFactory& streams, boost::asio::io_context&) {
        return std::make_unique<DirectorySource>(config, world.fs, world.clock, streams);
      });
    case SourceType::kKafka:
      return KafkaMaker(config, world.clock);
    case SourceType::kStdin:
      return Worker::SourceMaker(
          [config, world](StreamFactory& streams, boost::asio::io_context& io) {
            return std::make_unique<StdinSource>(config.name, kStdinFd, world.clock, streams, &io);
          });
  }
  return Error{"source " + config.name + ": this type is not built in"};
}

}  // namespace bouncesight
