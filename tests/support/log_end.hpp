// How much a topic holds, and whether the writers have stored all of nd.events.v1. A tenant's
// events may be in every partition, so that the last one sent is a row says nothing of those before
// it. Used by the e2e tests that look for what must not come back, and by the fault campaign.
// Throws std::runtime_error when Kafka or Postgres does not say.
#pragma once

#include <cstdint>
#include <string>

namespace nd::tests {

// The end offsets of its partitions, added up.
[[nodiscard]] std::int64_t records_in(const std::string& bootstrap, const std::string& topic);
// `database_url`: of the superuser, who sees nd.progress.
[[nodiscard]] bool read_to_the_end(const std::string& bootstrap, const std::string& database_url);

}  // namespace nd::tests
