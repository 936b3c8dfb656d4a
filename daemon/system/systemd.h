// What a service of Type=notify tells systemd, and the sockets that systemd hands over. All of it
// does nothing where there is no systemd.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace bouncesight {

void NotifyReady(const std::string& status);
// With the time that systemd 253 and later ask for. NotifyReady ends the reload.
void NotifyReloading();
void NotifyStopping();
void NotifyStatus(const std::string& status);
// To be called at less than half the interval, by the commit loop alone: a process whose counters
// stand still is started anew.
void NotifyWatchdog();
// WatchdogSec= of the unit; zero: systemd does not watch.
std::chrono::microseconds WatchdogInterval();

struct InheritedSocket {
  int fd = -1;
  std::string name;  // FileDescriptorName= of the socket unit
};

// The sockets of socket activation. To be called once: the environment is cleared.
std::vector<InheritedSocket> InheritedSockets();

}  // namespace bouncesight
