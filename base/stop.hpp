// Signals as values. main makes one before its first log line and before any thread, so that a
// SIGTERM at any moment after that line is seen and never kills the process by default. Threads
// never see a signal.
#pragma once

#include <chrono>
#include <optional>

namespace nd::base {

class signal_watch {
  public:
    // Blocks SIGTERM, SIGINT and SIGHUP for this thread and all threads made later, and ignores
    // SIGPIPE.
    signal_watch();

    enum class what { stop, reload };

    // The next signal, or nothing when `longest` has passed. Called by main's thread only.
    [[nodiscard]] std::optional<what> wait(std::chrono::milliseconds longest) const;
    // For start-up steps: has a stop been asked for? It stays pending for wait().
    [[nodiscard]] bool stop_pending() const;
};

}  // namespace nd::base
