#include "tests/support/log_end.hpp"

#include "base/kafka_conf.hpp"
#include "base/kafka_topics.hpp"
#include "base/pg.hpp"

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace nd::tests {
namespace {

constexpr auto events_topic = "nd.events.v1";
constexpr std::chrono::seconds kafka_patience{10};
constexpr std::chrono::minutes postgres_patience{2};

template <class T>
T need(const char* of, base::result<T> outcome) {
    if (!outcome) throw std::runtime_error(of + (": " + outcome.error().detail));
    return std::move(*outcome);
}

}  // namespace

std::int64_t records_in(const std::string& bootstrap, const std::string& topic) {
    auto conf = need("Kafka", base::common_kafka_conf({bootstrap, "", true}, "nd-log-end"));
    const auto client = need("Kafka", conf.make(RD_KAFKA_PRODUCER));
    const std::array<std::string, 1> names{topic};
    const auto facts = need("Kafka", base::list_topics(client.get(), names, kafka_patience));
    std::int64_t sum = 0;
    for (int partition = 0; partition < facts.front().partitions; ++partition)
        sum += need("Kafka", base::end_offset(client.get(), topic, partition, kafka_patience));
    return sum;
}

bool read_to_the_end(const std::string& bootstrap, const std::string& database_url) {
    const auto ends = records_in(bootstrap, events_topic);
    auto connection = need("Postgres", base::pg::connection::open(database_url, {}));
    connection.set_deadline(postgres_patience);
    const auto rows = need("Postgres", connection.exec(base::pg::statement(
                                           "select coalesce(sum(next_offset), 0)::bigint as n "
                                           "from nd.progress where topic = 'nd.events.v1'")));
    return rows[0].integer("n") == ends;
}

}  // namespace nd::tests
