#include "tests/faults/small_disk.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace nd::tests {
namespace {

using namespace std::chrono_literals;

// A file that takes what is left, and what becomes free meanwhile.
class balloon {
  public:
    explicit balloon(const std::string& folder)
        : path_(folder + "/balloon"),
          fd_(::open(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)) {
        if (fd_ < 0) throw std::runtime_error("cannot make " + path_);
    }
    ~balloon() {
        ::close(fd_);
        std::filesystem::remove(path_);
    }
    balloon(const balloon&) = delete;
    void grow() {
        struct statvfs disk {};
        while (::fstatvfs(fd_, &disk) == 0 && disk.f_bfree > 0) {
            const auto more = static_cast<off_t>(disk.f_bfree * disk.f_frsize);
            if (::posix_fallocate(fd_, size_, more) != 0) return;  // somebody was faster
            size_ += more;
        }
    }

  private:
    std::string path_;
    int fd_;
    off_t size_ = 0;
};

}  // namespace

small_disk::small_disk(const std::string& link, const char* size) {
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
    std::filesystem::permissions(folder_, std::filesystem::perms{0755});
    std::filesystem::create_symlink(folder_, link);
    const auto options = fmt::format("size={},mode=0755", size);
    if (::mount("nd-faults", folder_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0)
        why_not_ = fmt::format("no tmpfs can be mounted: {}", std::strerror(errno));
}

small_disk::~small_disk() {
    if (is_small() && ::umount2(folder_.c_str(), MNT_DETACH) != 0)
        std::fprintf(stderr, "cannot unmount %s\n", folder_.c_str());
    std::error_code ignored;  // what stays behind in /tmp fails nothing
    std::filesystem::remove_all(folder_, ignored);
}

void small_disk::stay_full(std::chrono::milliseconds time) const {
    balloon full(folder_);
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
        full.grow();
        std::this_thread::sleep_for(50ms);
    }
}

}  // namespace nd::tests
