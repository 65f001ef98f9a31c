#include "ops/job.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

namespace nd::ops {

namespace json = boost::json;

job_counts& job_counts::operator+=(const job_counts& more) {
    read += more.read;
    written += more.written;
    dead += more.dead;
    erased += more.erased;
    expired += more.expired;
    log_digest += more.log_digest;
    table_digest += more.table_digest;
    return *this;
}

job_counts job::counts() const {
    job_counts sum;
    for (const auto& part : parts)
        sum += part.counts;
    return sum;
}

std::string_view job::shown_state() const {
    if (state != "running") return state;
    return runner.empty() || silent_s > job_lease_s ? "stopped" : "running";
}

json::object to_json(const job_counts& counts) {
    return {{"read", counts.read},
            {"already_there", counts.there()},
            {"written", counts.written},
            {"dead", counts.dead},
            {"erased", counts.erased},
            {"expired", counts.expired},
            {"log_digest", fmt::format("{:016x}", counts.log_digest)},
            {"table_digest", fmt::format("{:016x}", counts.table_digest)},
            {"equal", counts.log_digest == counts.table_digest}};
}

json::object to_json(const job& one) {
    json::array parts;
    for (const auto& part : one.parts) {
        json::object made{{"part", part.part}, {"begin", part.begin}, {"next", part.next}};
        made["end"] = part.end ? json::value(*part.end) : json::value(nullptr);
        parts.push_back(std::move(made));
    }
    json::object made{{"job", one.id},
                      {"kind", one.kind},
                      {"state", one.shown_state()},
                      {"created_at", one.created_at},
                      {"spec", one.spec},
                      {"parts", std::move(parts)},
                      {"counts", to_json(one.counts())}};
    made["ended_at"] = one.ended_at ? json::value(*one.ended_at) : json::value(nullptr);
    return made;
}

}  // namespace nd::ops
