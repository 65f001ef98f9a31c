// A load against a scripted server, as short as a test can be.
#pragma once

#include "bench/load.hpp"
#include "tests/bench/samples.hpp"
#include "tests/bench/scripted_server.hpp"

#include <string>
#include <vector>

namespace nd::tests {

inline bench::load_plan short_plan(const scripted_server& to, double requests_per_s) {
    static const std::vector<std::string> keys{"key-a", "key-b", "key-c"};
    bench::load_plan plan;
    plan.to = {boost::asio::ip::make_address("127.0.0.1"), to.port()};
    plan.host = "127.0.0.1";
    plan.keys = keys;
    plan.events = recorded_events();
    plan.connections = 4;
    plan.events_per_request = 2;
    plan.requests_per_s = requests_per_s;
    plan.warm_up = std::chrono::milliseconds(100);
    plan.window = std::chrono::milliseconds(500);
    plan.patience = std::chrono::milliseconds(500);
    return plan;
}

inline bench::load_outcome run(const bench::load_plan& plan) {
    boost::asio::io_context io(1);
    bench::load one(io, plan);
    one.start();
    io.run();
    return one.outcome();
}

}  // namespace nd::tests
