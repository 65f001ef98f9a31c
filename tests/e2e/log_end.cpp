#include "tests/e2e/log_end.hpp"

#include "base/kafka_conf.hpp"
#include "base/kafka_topics.hpp"
#include "base/pg.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace nd::tests {
namespace {

constexpr auto topic = "nd.events.v1";
constexpr std::chrono::seconds patience{30};

std::int64_t records_in_the_log(const stack& system) {
    auto conf = base::common_kafka_conf({system["ND_KAFKA"], "", true}, "nd-e2e").value();
    const auto client = conf.make(RD_KAFKA_PRODUCER).value();
    const std::array<std::string, 1> names{topic};
    const auto facts = base::list_topics(client.get(), names, patience).value();
    std::int64_t sum = 0;
    for (int partition = 0; partition < facts.front().partitions; ++partition)
        sum += base::end_offset(client.get(), topic, partition, patience).value();
    return sum;
}

}  // namespace

bool read_to_the_end(const stack& system) {
    auto admin = base::pg::connection::open(system["ND_ADMIN_DATABASE_URL"], {}).value();
    const auto rows =
        admin
            .exec_script(
                "select coalesce(sum(next_offset), 0)::bigint as n from nd.progress where "
                "topic = 'nd.events.v1'")
            .value();
    return rows[0].integer("n") == records_in_the_log(system);
}

}  // namespace nd::tests
