// nd_writer's connections for replay, import and their jobs: each is checked for tenant isolation
// before it is used, as the writer's own is (sql/isolation.hpp). Errors: of the connection; refused
// names what is unsafe.
#pragma once

#include "base/pg.hpp"
#include "ops/settings.hpp"

#include <string>

namespace nd::ops {

// The roles, the database and the running server that it is connected to.
[[nodiscard]] base::result<std::string> place_of(base::pg::connection& on);

// `checked_place`: of a connection that this has just made. The check takes longer than a batch, so
// it is not made again where the place is the same; after a failover it is another one.
[[nodiscard]] base::result<base::pg::connection> open_writer(const settings& from,
                                                             const std::string& checked_place = {});

}  // namespace nd::ops
