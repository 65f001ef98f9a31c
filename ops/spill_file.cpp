#include "ops/spill_file.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

namespace nd::ops {
namespace {

namespace fs = std::filesystem;

base::error failed(const char* doing, int code) {
    std::error_code ignored;
    return base::failure(
        base::errc::unavailable,
        fmt::format("{} a temporary file in {}: {} (TMPDIR names another place)", doing,
                    fs::temp_directory_path(ignored).string(), std::strerror(code)));
}

}  // namespace

base::result<spill_file> spill_file::make() {
    std::error_code problem;
    const auto folder = fs::temp_directory_path(problem);
    if (problem) {
        return base::failure(base::errc::unavailable,
                             "there is no temporary directory: " + problem.message());
    }
    auto pattern = (folder / "ndctl-XXXXXX").string();
    const int made = ::mkstemp(pattern.data());
    if (made < 0) return failed("making", errno);
    ::unlink(pattern.c_str());  // nobody else opens it, and nothing is left behind
    return spill_file(made);
}

spill_file::~spill_file() {
    if (owned_ >= 0) ::close(owned_);
}

spill_file::spill_file(spill_file&& other) noexcept
    : owned_(std::exchange(other.owned_, -1)), size_(other.size_) {}

spill_file& spill_file::operator=(spill_file&& other) noexcept {
    std::swap(owned_, other.owned_);
    std::swap(size_, other.size_);
    return *this;
}

base::result<> spill_file::append(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto wrote = ::pwrite(owned_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return failed("writing", wrote < 0 ? errno : ENOSPC);
        size_ += static_cast<std::uint64_t>(wrote);
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    return {};
}

base::result<> spill_file::read(std::uint64_t offset, std::span<std::byte> into) const {
    while (!into.empty()) {
        const auto got = ::pread(owned_, into.data(), into.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return failed("reading", got < 0 ? errno : EIO);
        offset += static_cast<std::uint64_t>(got);
        into = into.subspan(static_cast<std::size_t>(got));
    }
    return {};
}

}  // namespace nd::ops
