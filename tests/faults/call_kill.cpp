// A kill while a CALL is in progress, proved by a partly committed batch: a trigger writes down
// each tenant's rows in that tenant's own transaction and holds the CALL at some tenant of the
// batch. So what it wrote and can be seen is what of this CALL was committed when the victim died.
#include "tests/faults/scene.hpp"
#include "tests/support/stack.hpp"

#include "base/pg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace nd::tests {
namespace {

namespace pg = nd::base::pg;
using namespace std::chrono_literals;

constexpr auto backlog_for = 1500ms;
constexpr auto longest_wait = 20s;

constexpr const char* open_book = R"(
    create table if not exists public.call_book (pid int, called timestamptz, rows bigint);
    truncate public.call_book;
    grant insert on public.call_book to nd_writer;
    create or replace function public.hold_call() returns trigger language plpgsql as $$ begin
        insert into public.call_book
            select pg_backend_pid(), statement_timestamp(), (select count(*) from added);
        if current_setting('app.tenant_id')::uuid >= '{}' then
            perform pg_advisory_xact_lock_shared(4711);
        end if;
        return null;
    end $$;
    create or replace trigger hold_call after insert on nd.events
        referencing new table as added for each statement execute function public.hold_call())";

constexpr const char* who_waits = R"(
    select l.pid, a.client_port, count(b.rows) as tenants, coalesce(sum(b.rows), 0)::bigint as rows
    from pg_locks l join pg_stat_activity a using (pid)
    left join public.call_book b on b.pid = l.pid and b.called = a.query_start and b.rows > 0
    where l.locktype = 'advisory' and not l.granted and a.usename = 'nd_writer'
    group by l.pid, a.client_port order by rows desc limit 1)";

struct waiting_call {
    int pid = 0;
    std::uint16_t port = 0;  // that the server sees: the proxy's
    std::size_t tenants = 0;
    std::size_t rows = 0;
};

class gate {
  public:
    explicit gate(world& of) : of_(of), admin_(connect()) {}
    // Holds each CALL at its first tenant from this one on.
    void close(const std::string& from) {
        run("select pg_advisory_lock(4711)");
        run(fmt::format(fmt::runtime(open_book), from));
    }
    // A CALL that waits and of which something is committed.
    waiting_call caught() {
        waiting_call out;
        const auto some = eventually(longest_wait, [&] {
            const auto rows = run(who_waits);
            if (rows.empty() || rows[0].integer("rows") == 0) return false;
            out = {static_cast<int>(rows[0].integer("pid")),
                   static_cast<std::uint16_t>(rows[0].integer("client_port")),
                   static_cast<std::size_t>(rows[0].integer("tenants")),
                   static_cast<std::size_t>(rows[0].integer("rows"))};
            return true;
        });
        return some ? out : waiting_call{};
    }
    // The server notices a client that is gone only when it answers.
    void end_waiting(int pid) { run(fmt::format("select pg_terminate_backend({})", pid)); }
    void open(bool server_was_killed) {
        if (server_was_killed)
            admin_ = connect();
        else
            run("select pg_advisory_unlock_all()");
        run("drop trigger if exists hold_call on nd.events");
    }

  private:
    pg::connection connect() {
        auto made = pg::connection::open(of_.postgres().url("nd"));
        if (!made) throw std::runtime_error("the gate: " + made.error().detail);
        return std::move(*made);
    }
    pg::rows run(const std::string& script) {
        auto done = admin_.exec_script(script);
        if (!done) throw std::runtime_error("the gate: " + done.error().detail);
        return std::move(*done);
    }
    world& of_;
    pg::connection admin_;
};

// So that the next batches have many tenants.
void let_backlog_grow(world& of) {
    std::vector<std::unique_lock<std::mutex>> locks;
    for (std::size_t i = 0; i < of.writers(); ++i) {
        locks.emplace_back(of.writer(i).lock);
        of.writer(i).child.pause();
    }
    std::this_thread::sleep_for(backlog_for);
    for (std::size_t i = 0; i < of.writers(); ++i)
        of.writer(i).child.go_on();
}

program* writer_of(world& of, std::uint16_t port) {
    for (std::size_t i = 0; i < of.writers(); ++i) {
        if (of.writer(i).postgres_link.carries(port)) return &of.writer(i);
    }
    return nullptr;
}

std::string some_tenant(const scene& on, std::uint64_t choice) {
    std::vector<std::string> ids;
    for (const auto& one : on.tenants)
        ids.push_back(one.tenant);
    std::sort(ids.begin(), ids.end());
    // From the middle half: before it lie tenants enough to be committed.
    return ids.at(ids.size() / 4 + choice % std::max<std::size_t>(1, ids.size() / 2));
}

void strike(scene& on, const fault& what, gate& at, const waiting_call& call, program& writer) {
    if (what.target == "postgres") {
        on.all.postgres().kill_9();
        std::this_thread::sleep_for(what.hold);
        on.all.postgres().start();
        return;
    }
    const std::scoped_lock lock(writer.lock);
    if (what.target == "writer") {
        writer.child.kill_9();
        at.end_waiting(call.pid);
        std::this_thread::sleep_for(what.hold);
        writer.child.start();
    } else {
        writer.postgres_link.cut();
        at.end_waiting(call.pid);
        std::this_thread::sleep_for(what.hold);
        writer.postgres_link.pass();
    }
}

bool try_to_kill_in_call(scene& on, const fault& what) {
    const std::scoped_lock lock(on.all.postgres_lock());
    gate closed(on.all);
    closed.close(some_tenant(on, what.choice));
    let_backlog_grow(on.all);
    const auto call = closed.caught();
    auto* writer = call.pid == 0 ? nullptr : writer_of(on.all, call.port);
    if (writer == nullptr) {
        closed.open(false);
        on.told.add("kill in a CALL: no CALL was caught, nothing was killed");
        return false;
    }
    on.told.add(fmt::format("kill in a CALL: {} of {}, when {} rows of {} tenants were committed",
                            what.target, writer->name, call.rows, call.tenants));
    strike(on, what, closed, call, *writer);
    closed.open(what.target == "postgres");
    on.told.add("kill in a CALL is over");
    const std::scoped_lock caught(on.mutex);
    on.caught.push_back({what.target, call.tenants, call.rows});
    return true;
}

}  // namespace

// Whatever else is broken just then may keep a writer from its CALL.
bool kill_in_call(scene& on, const fault& what) {
    for (int attempt = 0; attempt < 3; ++attempt) {
        if (try_to_kill_in_call(on, what)) return true;
    }
    return false;
}

}  // namespace nd::tests
