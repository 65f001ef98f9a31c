// nd-enricher's configuration: what flags, environment and file say. Read once by main.
#pragma once

#include "base/config.hpp"
#include "base/kafka_conf.hpp"
#include "model/openai_settings.hpp"
#include "workers/asker.hpp"
#include "workers/batch_clerk.hpp"

#include <cstdint>
#include <string>

namespace nd::workers {

struct enricher_options {
    base::kafka_settings kafka;
    base::log_settings log;
    model::openai_settings model;
    std::string database_url;
    std::string admin_listen = "127.0.0.1:9082";
    std::string tenant_budget;  // dollars a month, empty: none
    std::string total_budget = "100";
    std::int64_t linger_ms = 500;
    std::int64_t calls = 8;
    std::int64_t pages_per_call = 8;
    std::int64_t call_tokens = 24'000;
    std::int64_t batch_from = 2000;
    std::int64_t batch_lines = 2000;
    std::int64_t batch_poll_s = 30;
    std::int64_t drain_s = 30;

    [[nodiscard]] desk_settings desk() const;
    [[nodiscard]] asker_settings asking() const;
    [[nodiscard]] clerk_settings batches() const;
};

// As config_reader::read: false when --help or --version was printed.
[[nodiscard]] base::result<bool> read_options(int argc, const char* const* argv,
                                              enricher_options& into);

}  // namespace nd::workers
