// The last word on --drain: ends the process with its status when the orderly stop takes longer,
// because a broker or a database does not answer. Nothing is lost by that: what is not committed is
// read again. Made by main when the stop begins; its destruction calls it off.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace nd::workers {

class drain_guard {
  public:
    drain_guard(std::chrono::seconds longest, int status);
    ~drain_guard();
    drain_guard(const drain_guard&) = delete;
    drain_guard& operator=(const drain_guard&) = delete;

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    std::thread thread_;
};

}  // namespace nd::workers
