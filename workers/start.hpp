// What nd-writer waits for before it joins the group: a Kafka whose topics are safe, a Postgres
// whose roles and tables are. Away is waited for, and so is whatever Postgres itself refuses (a
// right, a password); /readyz says what it is. Unsafe is refused. Called by main, once.
#pragma once

#include "base/result.hpp"
#include "workers/health.hpp"
#include "workers/row_store.hpp"

#include <librdkafka/rdkafka.h>

#include <functional>
#include <optional>
#include <string>

namespace nd::workers {

using stop_asked = std::function<bool()>;

// The cluster's id; none when a stop was asked for. errc::refused: a sentence per problem.
[[nodiscard]] base::result<std::optional<std::string>> wait_for_kafka(rd_kafka_t* client,
                                                                      const std::string& topic,
                                                                      bool single_broker,
                                                                      health& shown,
                                                                      const stop_asked& stop);

// False when a stop was asked for. errc::refused: a sentence with what is unsafe or not migrated.
[[nodiscard]] base::result<bool> wait_for_postgres(row_store& store, health& shown,
                                                   const stop_asked& stop);

}  // namespace nd::workers
