#include "ops/key_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace nd::ops {
namespace {

base::error system_failure(const std::string& path, int number) {
    const auto* hint =
        number == EEXIST ? ": keys are never written over; move it away or name another" : "";
    return base::failure(base::errc::invalid,
                         fmt::format("--keys-out {}: {}{}", path, std::strerror(number), hint));
}

}  // namespace

base::result<key_file> key_file::create(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return system_failure(path, errno);
    return key_file(descriptor, path);
}

key_file::key_file(key_file&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

key_file::~key_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

base::result<> key_file::append(std::string_view lines) {
    while (!lines.empty()) {
        const auto written = ::write(descriptor_, lines.data(), lines.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return system_failure(path_, errno);
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(descriptor_) != 0 && errno != EINVAL)
        return system_failure(path_, errno);  // EINVAL: a pipe
    return {};
}

}  // namespace nd::ops
