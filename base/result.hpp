// result<T>: the way every expected failure travels (style: a bad key, a full queue, a lost
// database). Bugs throw instead. Used everywhere; knows nothing of HTTP, Kafka or SQL beyond the
// class of an error.
#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace nd::base {

enum class errc {
    ok,
    invalid,      // the caller's input is wrong; retrying the same input fails the same way
    not_found,    // asked for something that does not exist
    busy,         // a bounded resource is full now; try later
    unavailable,  // an environment (Kafka, Postgres, a file) is away; try later with backoff
    refused,      // the other side said no for good; an operator must act
    conflict,     // a concurrent change; trying again at once is right
    data,         // Postgres refuses the data itself (SQLSTATE 22, 23, 54000)
    internal,     // our own bug, seen and reported instead of thrown
};

[[nodiscard]] std::string_view to_string(errc code) noexcept;

struct error {
    errc code = errc::internal;
    std::string detail;    // one sentence for a person: what went wrong and what to change
    std::string sqlstate;  // five characters when Postgres said it, else empty
};

template <class T = void>
using result = boost::system::result<T, error>;

// Called by boost::system::result when value() is asked of an error: a bug, so it throws.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

inline error failure(errc code, std::string detail) {
    return error{code, std::move(detail), {}};
}

}  // namespace nd::base
