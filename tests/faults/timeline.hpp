// What happened when: every fault, every heal, every program that ended by itself. Written to a
// file at once, so that it is there when the campaign is killed; told on stderr when it should be.
// Safe from any thread.
#pragma once

#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace nd::tests {

class timeline {
  public:
    // `aloud`: each line goes to stderr too. Throws std::runtime_error when it cannot write.
    timeline(const std::string& path, bool aloud);

    void add(const std::string& what);
    // Forgets what since_round() would give.
    void begin_round();
    [[nodiscard]] std::vector<std::string> since_round() const;
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    struct close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::string path_;
    bool aloud_;
    mutable std::mutex mutex_;
    std::vector<std::string> round_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::unique_ptr<std::FILE, close> file_;
};

}  // namespace nd::tests
