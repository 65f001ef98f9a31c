// disk full: of Postgres, and of a broker.
#include "tests/faults/scene.hpp"

#include <fmt/format.h>

namespace nd::tests {
namespace {

void fill(scene& on, const fault& what, const small_disk& disk, const std::string& whose) {
    on.told.add(fmt::format("disk full of {} for {} ms", whose, what.hold.count()));
    disk.stay_full(what.hold);
}

void fill_postgres(scene& on, const fault& what) {
    const std::scoped_lock lock(on.all.postgres_lock());
    fill(on, what, on.all.postgres_disk(), "postgres");
    // It ends when not even its log of changes has room.
    if (on.all.postgres().runs()) return;
    on.told.add("disk full had ended Postgres");
    on.all.postgres().start();
}

// A broker that cannot write gives its folder up, and ends when it was its last one. Whoever makes
// room starts it again, and it has all that it acknowledged. With one broker nothing is accepted
// meanwhile.
void fill_broker(scene& on, const fault& what) {
    const std::scoped_lock lock(on.all.kafka_lock());
    const auto which = some_broker(on, what);
    fill(on, what, on.all.broker_disk(which), fmt::format("broker {}", which + 1));
    auto& node = on.all.kafka().node(which);
    if (!node.runs()) on.told.add("disk full had ended the broker");
    node.kill_9();  // what still runs may be about to end
    on.all.kafka().start(which);
}

}  // namespace

bool fill_disk(scene& on, const fault& what) {
    if (!on.all.has_small_disks()) return false;  // the timeline says SKIPPED
    what.target == "broker" ? fill_broker(on, what) : fill_postgres(on, what);
    on.told.add("disk full is over");
    return true;
}

}  // namespace nd::tests
