// What Postgres knows of a request's events. Asked by get_receipt, through the desk.
#pragma once

#include "ingest/reader_desk.hpp"
#include "schema/receipt.hpp"

#include <cstdint>

namespace nd::ingest {

struct receipt_counts {
    std::int64_t stored = 0;
    std::int64_t dead = 0;
    std::int64_t erased = 0;
    [[nodiscard]] std::int64_t pending(std::int64_t accepted) const {
        return accepted - stored - dead - erased;
    }
};

// Errors: the desk's, and Postgres's own.
[[nodiscard]] base::task<base::result<receipt_counts>> count_receipt(reader_desk& desk,
                                                                     schema::receipt what);

}  // namespace nd::ingest
