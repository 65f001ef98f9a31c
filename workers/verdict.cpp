#include "workers/verdict.hpp"

namespace nd::workers {
namespace {

// sql/migrations/003: the database knows less than we saw stored.
constexpr const char* database_is_behind = "ND002";

}  // namespace

verdict verdict_of(const base::error& e) {
    if (e.sqlstate == database_is_behind) return verdict::restart;
    switch (e.code) {
        case base::errc::conflict: return verdict::again;
        case base::errc::unavailable:
        case base::errc::busy: return verdict::restart;
        // `data` too: the procedure isolates bad rows by itself, so an error for the whole batch is
        // no record's fault but ours.
        default: return verdict::park;
    }
}

std::string class_of(const base::error& e) {
    return e.sqlstate.size() == 5 ? e.sqlstate.substr(0, 2) : "other";
}

}  // namespace nd::workers
