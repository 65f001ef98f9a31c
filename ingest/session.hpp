// The life of one connection: handshake, then request after request until one side has enough. It
// reads heads, routes, writes answers and decides whether the connection can go on; what POST
// /v1/events means is post_events' affair.
#pragma once

#include "ingest/byte_stream.hpp"
#include "ingest/edge.hpp"

#include <memory>

namespace nd::ingest {

// Returns when the connection is over. Spawned by the listener, one coroutine each; nothing is
// thrown for a client's mistake.
[[nodiscard]] base::task<> serve_connection(edge& at, std::unique_ptr<byte_stream> stream);

}  // namespace nd::ingest
