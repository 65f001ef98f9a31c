// nd-writer's configuration: what flags, environment and file say. Read once by main.
#pragma once

#include "base/config.hpp"
#include "base/kafka_conf.hpp"
#include "base/result.hpp"
#include "workers/writer.hpp"

#include <cstdint>
#include <string>

namespace nd::workers {

struct writer_options {
    base::kafka_settings kafka;
    base::log_settings log;
    std::string database_url;
    std::string pepper_file;
    bool import = false;  // events out of files, which have a topic and a group of their own
    std::string admin_listen = "127.0.0.1:9081";
    std::int64_t batch_records = 5000;
    std::int64_t batch_bytes = std::int64_t{16} << 20;
    std::int64_t batch_wait_ms = 100;
    std::int64_t drain_s = 30;

    [[nodiscard]] writer_settings settings() const;
};

// As config_reader::read: false when --help or --version was printed.
[[nodiscard]] base::result<bool> read_options(int argc, const char* const* argv,
                                              writer_options& into);

}  // namespace nd::workers
