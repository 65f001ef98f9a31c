// A closed-loop load on POST /v1/events: a fixed number of connections, each sending its next
// request when the last is answered. Its latencies only compare servers with each other; its use is
// to keep a server busy while CPU per event is taken.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nd::bench {

struct load_plan {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::vector<std::string> keys;  // one per tenant, taken in turn
    int connections = 64;
    int events_per_request = 50;
    std::chrono::milliseconds duration{5000};
};

struct load_outcome {
    std::uint64_t requests = 0;            // answered 202
    std::uint64_t events = 0;              // in these
    std::map<int, std::uint64_t> refused;  // other statuses; 0 = the connection failed
    double seconds = 0;
    std::vector<double> latencies_ms;  // of the 202s
};

[[nodiscard]] load_outcome run_load(const load_plan& plan);

// One event of about 300 bytes with an id nobody has used; also the producer's payload, so that
// both carry the same bytes.
[[nodiscard]] std::string make_event();

}  // namespace nd::bench
