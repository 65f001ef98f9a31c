// A file system of a campaign's own that may be filled without harm to anything else: a tmpfs under
// /tmp, where the user postgres can reach it from any clone. Where none can be mounted it is a
// plain folder, and nothing may fill it. Gone with the object. Throws std::runtime_error when there
// is not even a folder.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace nd::tests {

class small_disk {
  public:
    // `link` is made and leads there: it tells ./dev what to unmount when this program was killed.
    small_disk(const std::string& link, const char* size);
    ~small_disk();
    small_disk(const small_disk&) = delete;

    [[nodiscard]] bool is_small() const noexcept { return why_not_.empty(); }
    [[nodiscard]] const std::string& why_not() const noexcept { return why_not_; }
    [[nodiscard]] const std::string& folder() const noexcept { return folder_; }

    // Not a byte is free for so long, whatever becomes free meanwhile. Only when is_small().
    void stay_full(std::chrono::milliseconds time) const;

  private:
    std::string folder_ = "/tmp/nd-faults-XXXXXX";
    std::string why_not_;
};

}  // namespace nd::tests
