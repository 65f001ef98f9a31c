// An import at work: each line of its files judged as the edge judges an event, what is fine
// published to nd.import.v1, the rest named. Called by the import command, on one thread.
//
// An event that happened before its person or tenant was erased is refused, as if it had arrived
// then: a tombstone that somebody puts meanwhile is seen within a second.
//
// A batch of lines is remembered when Kafka has acknowledged all of its events; after a crash the
// lines behind the last one are published again, which changes nothing: their identities are there.
#pragma once

#include "ops/import_spec.hpp"
#include "ops/job_store.hpp"
#include "ops/refusal_file.hpp"

#include <vector>

namespace nd::ops {

struct import_result {
    std::int64_t lines = 0;  // that are not empty
    std::int64_t refused = 0;
    std::vector<refused_line> first_refused;
    double seconds = 0;
};

// A file as it is now, read through once: a damaged one is refused before anything is published.
// Errors: invalid, data.
[[nodiscard]] base::result<import_file> look_at_file(const std::string& path);

// Without `job` it is a dry run: everything is judged, nothing published.
struct import_job {
    job_store* store = nullptr;
    std::int64_t id = 0;
    std::string runner;
    std::vector<job_part> parts;
};
[[nodiscard]] base::result<import_result> run_import(const settings& from, const import_spec& spec,
                                                     const import_job* job, refusal_file* refused);

}  // namespace nd::ops
