// Result<T>: a value or an Error, with std::expected's names (C++23) for compilers that lack it.
// For failures of the environment: I/O, configuration, rules, state. Odd input in a log is a Skip
// (skip.h), never an Error.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace bouncesight {

// One line for a person: what failed, where (file, line, key when known), and what to do. No
// trailing newline.
struct Error {
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  // Not explicit, so that a function can return either. NOLINTNEXTLINE(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Both abort (std::get throws, and nothing catches) when the other one is held.
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value: `return Ok{};`.
struct Ok {};
using Status = Result<Ok>;

}  // namespace bouncesight
