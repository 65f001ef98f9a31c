// What befalls Postgres itself: read-only, a grant that is gone, an older copy.
#include "tests/faults/scene.hpp"

#include "base/pg.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace nd::tests {
namespace {

namespace pg = nd::base::pg;
using namespace std::chrono_literals;

void run(pg::connection& on, const std::string& script) {
    const auto done = on.exec_script(script);
    if (!done) throw std::runtime_error(script + ": " + done.error().detail);
}

pg::connection superuser(scene& on) {
    auto made = pg::connection::open(on.all.postgres().url("nd"));
    if (!made) throw std::runtime_error("the superuser: " + made.error().detail);
    return std::move(*made);
}

struct right {
    const char* what;
    const char* role;
};
// The writer loses each of these in the middle of its work, the front end its keys.
constexpr std::array<right, 5> rights{{{"insert on nd.events", "nd_writer"},
                                       {"insert on nd.progress", "nd_writer"},
                                       {"select on nd.progress", "nd_writer"},
                                       {"usage on schema nd", "nd_writer"},
                                       {"usage on schema nd", "nd_ingest"}}};

}  // namespace

bool make_read_only(scene& on, const fault& what) {
    const std::scoped_lock lock(on.all.postgres_lock());
    auto admin = superuser(on);
    on.told.add(fmt::format("read only for {} ms", what.hold.count()));
    run(admin, "alter system set default_transaction_read_only = on");
    run(admin, "select pg_reload_conf()");
    std::this_thread::sleep_for(what.hold);
    run(admin, "alter system reset default_transaction_read_only");
    run(admin, "select pg_reload_conf()");
    on.told.add("read only is over");
    return true;
}

bool drop_grant(scene& on, const fault& what) {
    const std::scoped_lock lock(on.all.postgres_lock());
    const auto& gone = rights.at(what.choice % rights.size());
    auto admin = superuser(on);
    on.told.add(
        fmt::format("dropped grant: {} of {} for {} ms", gone.what, gone.role, what.hold.count()));
    run(admin, fmt::format("revoke {} from {}", gone.what, gone.role));
    std::this_thread::sleep_for(what.hold);
    run(admin, fmt::format("grant {} to {}", gone.what, gone.role));
    on.told.add("dropped grant is over");
    return true;
}

bool restore_copy(scene& on, const fault& what) {
    const std::scoped_lock lock(on.all.postgres_lock());
    auto& server = on.all.postgres();
    on.told.add("a copy of Postgres is taken");
    server.stop();
    server.copy_to("copy");
    server.start();
    std::this_thread::sleep_for(what.hold);
    what.choice % 2 == 0 ? server.stop() : server.kill_9();
    server.restore_from("copy");
    server.start();
    on.told.add(fmt::format("restored copy: Postgres is what it was {} ms ago", what.hold.count()));
    return true;
}

}  // namespace nd::tests
