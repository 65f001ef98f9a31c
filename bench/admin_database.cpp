#include "bench/admin_database.hpp"

#include "bench/options.hpp"

#include <utility>

namespace nd::bench {

base::pg::connection open_admin(const std::string& url, const base::pg::open_options& how) {
    auto opened = base::pg::connection::open(url, how);
    if (!opened)
        throw bench_error(exit_unreachable, "Postgres does not answer (ND_ADMIN_DATABASE_URL): " +
                                                opened.error().detail);
    return std::move(*opened);
}

base::pg::rows must(base::result<base::pg::rows> said) {
    if (!said) throw bench_error(exit_unreachable, "Postgres: " + said.error().detail);
    return std::move(*said);
}

std::int64_t number(base::result<base::pg::rows> said) {
    return must(std::move(said))[0].integer("n");
}

}  // namespace nd::bench
