// Holds nd-writer in the middle of a CALL: a trigger in the database that waits for a lock which
// the test has. Used by the e2e tests that need a batch half done.
#pragma once

#include "base/pg.hpp"
#include "tests/support/stack.hpp"

#include <stdexcept>
#include <string>

namespace nd::tests {

// Lets the writer store the tenants before `from` and holds it in the middle of its CALL at the
// next.
class closed_gate {
  public:
    closed_gate(const stack& system, const std::string& from)
        : admin_(nd::base::pg::connection::open(system["ND_ADMIN_DATABASE_URL"], {}).value()) {
        run("select pg_advisory_lock(4711)");
        run("create function public.wait_at_gate() returns trigger language plpgsql as $$ begin "
            "if current_setting('app.tenant_id')::uuid >= '" +
            from +
            "' then perform pg_advisory_xact_lock_shared(4711); end if; return null; end $$");
        run("create trigger gate before insert on nd.events for each statement "
            "execute function public.wait_at_gate()");
    }
    [[nodiscard]] bool somebody_waits() {
        return run("select 1 from pg_locks where locktype = 'advisory' and not granted").size() > 0;
    }
    void end_waiting() {
        run("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'nd_writer'");
    }
    void open() {
        // Whoever waits goes on first: it holds the table that the trigger is dropped from.
        run("select pg_advisory_unlock_all()");
        run("drop function public.wait_at_gate cascade");
    }

  private:
    nd::base::pg::rows run(const std::string& script) {
        auto done = admin_.exec_script(script);
        if (done.has_error()) throw std::runtime_error(done.error().detail);
        return std::move(*done);
    }
    nd::base::pg::connection admin_;
};

}  // namespace nd::tests
