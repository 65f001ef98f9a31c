#include "ops/schema_prune.hpp"

#include "ops/schema_store.hpp"
#include "ops/text_table.hpp"
#include "ops/week.hpp"
#include "sql/queries/tenant/prune_pages.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace nd::ops {
namespace {

constexpr int slice = 10'000;  // rows of each kind in one transaction

}  // namespace

base::result<report> prune_schemas(const settings& from, const std::string& tenant,
                                   const std::string& older_than) {
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const auto before = parse_cutoff(older_than, today);
    if (!before) return before.error();
    const auto day = fmt::format("{:%Y-%m-%d}", std::chrono::system_clock::time_point(*before));
    auto store = schema_store::open(from, tenant);
    if (!store) return store.error();
    std::int64_t versions = 0;
    std::int64_t texts = 0;
    std::int64_t structures = 0;
    for (bool more = true; more;) {
        more = false;
        const auto done = store->each([&](auto& inside, const auto& of) -> base::result<> {
            const auto rows = inside.exec(sql::prune_pages, of.id, day, slice);
            if (!rows) return rows.error();
            const auto row = (*rows)[0];
            versions += row.integer("versions");
            texts += row.integer("texts");
            structures += row.integer("structures");
            more = more || std::max({row.integer("versions"), row.integer("texts"),
                                     row.integer("structures")}) >= slice;
            return {};
        });
        if (!done) return done.error();
    }
    return report{
        {{"before", day}, {"versions", versions}, {"texts", texts}, {"structures", structures}},
        fmt::format("{} of pages, {} and {} deleted that nobody has loaded since {}\n",
                    counted(static_cast<std::size_t>(versions), "version"),
                    counted(static_cast<std::size_t>(texts), "text"),
                    counted(static_cast<std::size_t>(structures), "structure"), day),
        exit_status::fine};
}

}  // namespace nd::ops
