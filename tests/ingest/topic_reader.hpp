// What a Kafka topic holds from the moment that this is made, record by record, as bytes. Used by
// the contract tests that look at what nd-ingest wrote. Throws std::runtime_error when Kafka does
// not answer.
#pragma once

#include "base/kafka_conf.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace nd::tests {

struct read_back {
    std::string key;
    std::string value;
    std::vector<std::pair<std::string, std::string>> headers;
    int partition = -1;
};

class topic_reader {
  public:
    topic_reader(const std::string& bootstrap, const std::string& topic);

    // The first `count` records with this key; fewer when no more come within `longest`.
    [[nodiscard]] std::vector<read_back> of_key(
        const std::string& key, std::size_t count,
        std::chrono::milliseconds longest = std::chrono::seconds(20));

  private:
    base::kafka_handle client_;
};

}  // namespace nd::tests
