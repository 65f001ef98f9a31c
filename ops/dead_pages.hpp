// Walks through the dead letters that somebody means, page by page, each with what is known about
// it. Called by ndctl dead. The end is where the log ended when the walk began: a record that dies
// again meanwhile is not met, so that no walk chases its own tail.
//
// Errors: Kafka's (ops/record_log.hpp), Postgres's (ops/dead_store.hpp), the visitor's, and
// not_found for a tenant that does not exist and has no letter either.
#pragma once

#include "ops/dead_store.hpp"
#include "ops/dead_wish.hpp"
#include "ops/kafka_expiry.hpp"
#include "ops/settings.hpp"

#include <functional>
#include <span>
#include <string>

namespace nd::ops {

class dead_pages {
  public:
    [[nodiscard]] static base::result<dead_pages> open(const settings& from, const dead_wish& wish);

    using visit = std::function<base::result<>(std::span<const known_letter> page)>;
    [[nodiscard]] base::result<> each(const visit& see);

    [[nodiscard]] const kafka_retention& retention() const { return retention_; }
    [[nodiscard]] dead_store store() { return {on_, range_.cluster}; }

  private:
    dead_pages(settings from, dead_wish wish, base::pg::connection on, record_range range,
               kafka_retention retention)
        : settings_(std::move(from)),
          wish_(std::move(wish)),
          on_(std::move(on)),
          range_(std::move(range)),
          retention_(retention) {}
    [[nodiscard]] base::result<> each_of(const partition_span& span, const visit& see);
    [[nodiscard]] base::result<> show(std::vector<known_letter>& page, const visit& see);

    settings settings_;
    dead_wish wish_;
    base::pg::connection on_;
    record_range range_;
    kafka_retention retention_;
    std::size_t met_ = 0;  // letters of the wish, whatever became of them
};

}  // namespace nd::ops
