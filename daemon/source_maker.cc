#include "daemon/source_maker.h"

#include <unistd.h>

#include "daemon/directory_source.h"
#include "daemon/file_source.h"
#include "daemon/journal_source.h"
#include "daemon/stdin_source.h"

namespace bouncesight {

Result<Worker::SourceMaker> MakerOf(const SourceConfig& config, const SourceWorld& world) {
  switch (config.type) {
    case SourceType::kFile:
      return Worker::SourceMaker([config, world](StreamFactory& streams, boost::asio::io_context&) {
        return std::make_unique<FileSource>(config, world.fs, world.clock, streams);
      });
    case SourceType::kJournal:
      return Worker::SourceMaker([config, world](StreamFactory& streams, boost::asio::io_context&) {
        return std::make_unique<JournalSource>(config, world.fs, world.clock, streams);
      });
    case SourceType::kDirectory:
      return Worker::SourceMaker([config, world](StreamFactory& streams, boost::asio::io_context&) {
        return std::make_unique<DirectorySource>(config, world.fs, world.clock, streams);
      });
    case SourceType::kStdin:
      return Worker::SourceMaker([config, world](StreamFactory& streams,
                                                 boost::asio::io_context& io) {
        return std::make_unique<StdinSource>(config.name, STDIN_FILENO, world.clock, streams, &io);
      });
    case SourceType::kSyslog:
      break;
  }
  return Error{"source " + config.name + ": this type is not built in; use `type: file`"};
}

}  // namespace bouncesight
