// What an import was asked to do, as its job keeps it in Postgres; the parts of the job are the
// files, counted in lines. Pure.
#pragma once

#include "schema/environment.hpp"
#include "schema/ids.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace nd::ops {

// A file as it was when the import began: another one of the same name is not gone on with.
struct import_file {
    std::string path;
    std::int64_t bytes = 0;
    std::int64_t changed_ns = 0;
    std::int64_t lines = 0;
    bool operator==(const import_file&) const = default;
};

struct import_spec {
    std::vector<import_file> files;
    schema::tenant_id tenant;
    schema::environment environment = schema::environment::live;
    std::string refused;    // where to write what was refused; empty: nowhere
    std::int64_t rate = 0;  // lines a second, 0: as fast as it goes
};

[[nodiscard]] boost::json::object to_json(const import_spec& spec);
[[nodiscard]] import_spec import_spec_of(const boost::json::object& made);

}  // namespace nd::ops
