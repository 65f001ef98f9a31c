#include "bench/topic_size.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

namespace nd::bench {

std::uint64_t topic_bytes(pid_t broker, const std::string& topic) {
    namespace fs = std::filesystem;
    std::set<fs::path> files;
    std::error_code ec;
    for (const auto& open : fs::directory_iterator(fmt::format("/proc/{}/fd", broker), ec)) {
        const auto to = fs::read_symlink(open.path(), ec);
        // data/TOPIC-PARTITION/BASE_OFFSET.log
        const auto folder = to.parent_path().filename().string();
        if (!ec && to.extension() == ".log" && folder.starts_with(topic + "-")) files.insert(to);
    }
    std::uint64_t sum = 0;
    for (const auto& file : files) {
        const auto size = fs::file_size(file, ec);
        if (!ec) sum += size;
    }
    return sum;
}

}  // namespace nd::bench
