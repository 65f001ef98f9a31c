// What a fault may touch, and how it is told. One function per kind of fault: each harms, holds,
// heals and returns, and whoever it harmed has its lock held meanwhile, so that no two faults meet
// in one part. They answer whether the fault came about (a kill in a CALL may find no CALL).
#pragma once

#include "tests/faults/load.hpp"
#include "tests/faults/plan.hpp"
#include "tests/faults/world.hpp"

namespace nd::tests {

// One kill while a CALL was in progress: what of its batch was committed then, by the row.
struct caught_call {
    std::string victim;
    std::size_t tenants = 0;  // whose transaction of this CALL was committed
    std::size_t rows = 0;
};

struct scene {
    world& all;
    load& clients;
    timeline& told;
    std::vector<tenant_key> tenants;  // of this round
    std::mutex mutex;                 // of what follows
    std::vector<caught_call> caught;
};

bool kill(scene& on, const fault& what);
bool pause(scene& on, const fault& what);
bool restart(scene& on, const fault& what);
bool rebalance(scene& on, const fault& what);
bool cut(scene& on, const fault& what);
bool slow_down(scene& on, const fault& what);
bool jump(scene& on, const fault& what);
bool kill_in_call(scene& on, const fault& what);
bool fill_disk(scene& on, const fault& what);
bool make_read_only(scene& on, const fault& what);
bool drop_grant(scene& on, const fault& what);
bool restore_copy(scene& on, const fault& what);

// With several brokers the one that leads some partition, so that the harm is felt.
[[nodiscard]] std::size_t some_broker(scene& on, const fault& what);

// By the kind's name.
bool inflict(scene& on, const fault& what);

}  // namespace nd::tests
