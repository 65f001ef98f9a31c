// Bodies of POST /v1/events from recorded events with fresh ids and times, plain or compressed.
// Used by the load generator, one per thread; a body costs one copy of its events.
#pragma once

#include "bench/event_template.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nd::bench {

enum class encoding { identity, gzip, zstd };
[[nodiscard]] std::string_view to_string(encoding how);
[[nodiscard]] std::optional<encoding> encoding_named(std::string_view name);

class request_maker {
  public:
    // `run`: what makes the ids of this run different from those of every other.
    request_maker(std::span<const event_template> events, encoding how, std::uint64_t run);
    ~request_maker();

    // Replaces `body`. All events carry `occurred`; the identity of the first is the answer, the
    // others follow it one by one.
    std::uint64_t make(std::string& body, int events,
                       std::chrono::system_clock::time_point occurred);
    // One event alone, as it stands in a Kafka record.
    void make_event(std::string& event, std::chrono::system_clock::time_point occurred);

    [[nodiscard]] const fresh_ids& ids() const noexcept { return ids_; }

  private:
    struct packer;
    void append(std::string& to, std::chrono::system_clock::time_point occurred);

    std::span<const event_template> events_;
    fresh_ids ids_;
    std::size_t next_template_ = 0;
    std::int64_t second_ = -1;  // what time_ shows, without its fraction
    std::string time_;
    std::string plain_;
    std::unique_ptr<packer> packer_;  // null for identity
};

}  // namespace nd::bench
