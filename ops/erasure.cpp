#include "ops/erasure.hpp"

#include "base/pg_array.hpp"
#include "schema/session_hash.hpp"
#include "sql/queries/calls_before.hpp"
#include "sql/queries/clock.hpp"
#include "sql/queries/tenant/count_rows_of.hpp"
#include "sql/queries/tenant/erase_pages.hpp"
#include "sql/queries/tenant/erase_receipts.hpp"
#include "sql/queries/tenant/erase_rows.hpp"
#include "sql/queries/tenant/erase_staging.hpp"
#include "sql/queries/tenant/put_erasure.hpp"
#include "sql/queries/tenant/sessions_of.hpp"
#include "sql/queries/tenant/unlink_sessions.hpp"

#include <fmt/format.h>

#include <chrono>
#include <span>
#include <thread>

namespace nd::ops {
namespace {

constexpr int slice = 20'000;  // rows looked at in one transaction
constexpr std::chrono::milliseconds look_every{50};

std::span<const std::uint8_t> bytes(const erasure& what) {
    return what.hash;
}

// One statement of the tenant's, and its commit.
template <class... P>
base::result<base::pg::rows> one(base::pg::connection& on, const erasure& what,
                                 base::pg::tenant_statement sql, const P&... values) {
    auto inside = base::pg::tenant_tx::begin(on, what.tenant);
    if (!inside) return inside.error();
    auto rows = inside->exec(sql, values...);
    if (!rows) return rows.error();
    if (auto done = inside->commit(); !done) return done.error();
    return rows;
}

// All of the tenant's rows once, in the order of their key.
base::result<erased_rows> pass(base::pg::connection& on, const erasure& what, const show_rows& show,
                               erased_rows before) {
    erased_rows done;
    std::int64_t seen = 0;
    std::optional<std::string> last_at;
    std::optional<std::string> last_id;
    while (true) {
        const auto rows = one(on, what, sql::erase_rows, what.tenant, what.user, bytes(what),
                              last_at, last_id, slice);
        if (!rows) return rows.error();
        const auto row = (*rows)[0];
        seen += row.integer("seen");
        done.deleted += row.integer("deleted");
        done.kept += row.integer("kept");
        show(seen, before.deleted + done.deleted);
        if (row.integer("seen") < slice) return done;
        last_at = row.optional_text("last_at");
        last_id = row.optional_text("last_id");
    }
}

}  // namespace

erasure erasure_of(const schema::tenant_id& tenant, std::optional<std::string> user,
                   std::string_view pepper) {
    schema::user_hasher hasher(pepper);
    erasure made{to_string(tenant), std::move(user), {}, hasher.id()};
    if (made.user) {
        const auto digest = hasher(tenant, *made.user);
        made.hash.assign(digest.begin(), digest.end());
    }
    return made;
}

base::result<std::int64_t> count_rows(base::pg::connection& on, const erasure& what) {
    const auto rows = one(on, what, sql::count_rows_of, what.user);
    if (!rows) return rows.error();
    return (*rows)[0].integer("rows");
}

base::result<std::string> put_tombstone(base::pg::connection& on, const erasure& what) {
    const auto rows = one(on, what, sql::put_erasure, what.tenant, bytes(what),
                          std::span<const std::uint8_t>(what.key));
    if (!rows) return rows.error();
    return std::string((*rows)[0].text("erased_at"));
}

base::result<> wait_for_writers(base::pg::connection& as_writer,
                                std::chrono::milliseconds longest) {
    const auto now = as_writer.exec(sql::clock);
    if (!now) return now.error();
    const auto until = (*now)[0].integer("now_us");
    const auto give_up = std::chrono::steady_clock::now() + longest;
    while (true) {
        const auto rows = as_writer.exec(sql::calls_before, until);
        if (!rows) return rows.error();
        if ((*rows)[0].integer("running") == 0) return {};
        if (std::chrono::steady_clock::now() > give_up) {
            return base::failure(
                base::errc::unavailable,
                fmt::format("a statement of nd_writer that began before the tombstone still runs "
                            "(process {} of Postgres) and may not have seen it: nothing was "
                            "deleted yet; the tombstone holds. Run the same command again",
                            (*rows)[0].integer("pid")));
        }
        std::this_thread::sleep_for(look_every);
    }
}

base::result<std::int64_t> erase_pages(base::pg::connection& on, const erasure& what,
                                       std::string_view pepper) {
    if (!what.user) {
        const auto gone = one(on, what, sql::erase_pages, what.tenant);
        if (!gone) return gone.error();
        return (*gone)[0].integer("versions");
    }
    const auto sessions = one(on, what, sql::sessions_of, *what.user);
    if (!sessions) return sessions.error();
    schema::session_hasher hasher(pepper);
    const auto tenant = *schema::parse_tenant_id(what.tenant);
    base::pg::text_array halves;
    for (const auto row : *sessions)
        halves.add(hasher(tenant, row.text("session_id")).half());
    const auto texts = one(on, what, sql::unlink_sessions, what.tenant, halves);
    if (!texts) return texts.error();
    return (*texts)[0].integer("texts");
}

base::result<erased_rows> erase_rows(base::pg::connection& on, const erasure& what,
                                     const show_rows& show) {
    erased_rows all;
    while (true) {
        const auto done = pass(on, what, show, all);
        if (!done) return done.error();
        all.deleted += done->deleted;
        all.kept = done->kept;
        // A row that was moved between two partitions meanwhile may have been missed.
        if (done->deleted == 0) break;
    }
    const auto staged = one(on, what, sql::erase_staging, what.tenant, what.user, bytes(what));
    if (!staged) return staged.error();
    all.staged = (*staged)[0].integer("deleted");
    return all;
}

base::result<std::int64_t> erase_receipts(base::pg::connection& on, const erasure& what) {
    const auto rows = one(on, what, sql::erase_receipts, what.tenant, bytes(what));
    if (!rows) return rows.error();
    return (*rows)[0].integer("marked");
}

}  // namespace nd::ops
