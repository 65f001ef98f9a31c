#include "workers/drain_guard.hpp"

#include "base/log.hpp"

#include <cstdlib>

namespace nd::workers {

drain_guard::drain_guard(std::chrono::seconds longest, int status)
    : thread_([this, longest, status] {
          std::unique_lock lock(mutex_);
          if (changed_.wait_for(lock, longest, [&] { return done_; })) return;
          base::log::warning("stopped before everything answered; nothing is lost");
          std::_Exit(status);
      }) {}

drain_guard::~drain_guard() {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

}  // namespace nd::workers
