// The verdicts on a batch as an answer: 202, 200 for ?validate=1, 422 when nothing was acceptable.
// Pure; called by post_events before it publishes, because the verdict's views end with the next
// scan.
#pragma once

#include "ingest/reply.hpp"
#include "schema/batch.hpp"

namespace nd::ingest {

// `receipt`: a token, empty when none was asked for.
[[nodiscard]] answer verdict_reply(const schema::batch_verdict& verdict, bool validate_only,
                                   const request_id& id, std::string_view receipt = {});

}  // namespace nd::ingest
