// kill, pause, restart, rebalance: of nd-ingest, one nd-writer, a broker or Postgres.
#include "tests/faults/scene.hpp"

#include "schema/record.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace nd::tests {
namespace {

using namespace std::chrono_literals;
constexpr int partitions_to_ask = 4;

void hold(const fault& what) {
    std::this_thread::sleep_for(what.hold);
}

program& program_of(scene& on, const fault& what) {
    if (what.target == "ingest") return on.all.ingest();
    return on.all.writer(what.choice % on.all.writers());
}

bool is_program(const fault& what) {
    return what.target == "ingest" || what.target == "writer";
}

void tell(scene& on, const fault& what, const std::string& victim) {
    on.told.add(fmt::format("{} {} for {} ms", what.kind, victim, what.hold.count()));
}

void end_program(program& one, bool gently) {
    if (!gently)
        one.child.kill_9();
    else if (!one.child.stop(40s))
        throw std::runtime_error(one.name + " did not drain in 40 s");
}

void end_and_start_brokers(scene& on, const fault& what, bool gently) {
    const std::scoped_lock lock(on.all.kafka_lock());
    auto& kafka = on.all.kafka();
    std::vector<std::size_t> victims{some_broker(on, what)};
    // At times two of three: then nothing is accepted, and still nothing lost.
    if (kafka.size() > 1 && what.choice / 16 % 5 == 0)
        victims.push_back((victims.front() + 1) % kafka.size());
    for (const auto one : victims) {
        tell(on, what, fmt::format("broker {}", one + 1));
        if (!gently) kafka.node(one).kill_9();
        // A broker that cannot hand over its partitions waits for a quorum that may be gone.
        else if (!kafka.node(one).stop(30s))
            on.told.add("the broker was killed after 30 s");
    }
    hold(what);
    for (const auto one : victims)
        kafka.node(one).start();
    for (const auto one : victims)
        kafka.wait_until_up(one);
}

bool end_and_start(scene& on, const fault& what, bool gently) {
    if (is_program(what)) {
        auto& one = program_of(on, what);
        const std::scoped_lock lock(one.lock);
        tell(on, what, one.name);
        end_program(one, gently);
        hold(what);
        one.child.start();
    } else if (what.target == "broker") {
        end_and_start_brokers(on, what, gently);
    } else {
        const std::scoped_lock lock(on.all.postgres_lock());
        tell(on, what, what.target);
        gently ? on.all.postgres().stop() : on.all.postgres().kill_9();
        hold(what);
        on.all.postgres().start();
    }
    on.told.add(fmt::format("{} {} is over", what.kind, what.target));
    return true;
}

template <class Part>
void stop_and_continue(scene& on, const fault& what, const std::string& name, Part& part) {
    tell(on, what, name);
    part.pause();
    hold(what);
    part.go_on();
    on.told.add(fmt::format("{} {} is over", what.kind, name));
}

}  // namespace

std::size_t some_broker(scene& on, const fault& what) {
    if (on.all.kafka().size() == 1) return 0;
    const std::string topic(schema::events_topic);
    return on.all.kafka().leader_of(topic, static_cast<int>(what.choice % partitions_to_ask));
}

bool kill(scene& on, const fault& what) {
    return end_and_start(on, what, false);
}

bool restart(scene& on, const fault& what) {
    return end_and_start(on, what, true);
}

bool pause(scene& on, const fault& what) {
    if (is_program(what)) {
        auto& one = program_of(on, what);
        const std::scoped_lock lock(one.lock);
        stop_and_continue(on, what, one.name, one.child);
    } else if (what.target == "broker") {
        const std::scoped_lock lock(on.all.kafka_lock());
        const auto which = some_broker(on, what);
        stop_and_continue(on, what, fmt::format("broker {}", which + 1),
                          on.all.kafka().node(which));
    } else {
        const std::scoped_lock lock(on.all.postgres_lock());
        stop_and_continue(on, what, what.target, on.all.postgres());
    }
    return true;
}

// A writer leaves and comes back: the others take over and give back.
bool rebalance(scene& on, const fault& what) {
    auto& one = program_of(on, what);
    tell(on, what, one.name);
    {
        const std::scoped_lock lock(one.lock);
        one.wanted = false;
        end_program(one, true);
    }
    hold(what);
    const std::scoped_lock lock(one.lock);
    one.wanted = true;
    one.child.start();
    on.told.add("rebalance is over");
    return true;
}

}  // namespace nd::tests
