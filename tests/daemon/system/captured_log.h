// What the code under test says in our own log, for as long as this lives: "LEVEL: WORDS", a line
// each.
#pragma once

#include <memory>
#include <string>

namespace bouncesight {

class CapturedLog {
 public:
  CapturedLog();
  ~CapturedLog();
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;

  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bouncesight
