// What ndctl says to the e2e tests, read from its JSON; and what the database says to its
// superuser.
#pragma once

#include "base/pg.hpp"
#include "tests/support/stack.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace nd::tests {

struct answer {
    int status = -1;
    boost::json::object said;
    std::string text;
};

inline answer answer_of(const stack::outcome& done) {
    answer made{done.status, {}, done.output};
    boost::system::error_code broken;
    const auto value = boost::json::parse(done.output, broken);
    if (!broken && value.is_object()) made.said = value.as_object();
    return made;
}

inline answer ndctl(const stack& system, const std::string& arguments) {
    return answer_of(system.ndctl(arguments + " --json 2>/dev/null"));
}

inline void refused(const stack& system, const std::string& arguments, int status,
                    const std::string& says) {
    const auto got = ndctl(system, arguments);
    CAPTURE(arguments);
    CAPTURE(got.text);
    CHECK(got.status == status);
    REQUIRE(got.said.contains("error"));
    const auto detail = boost::json::value_to<std::string>(got.said.at("error").at("detail"));
    CHECK(detail.find(says) != std::string::npos);
}

inline base::pg::rows admin(const stack& system, const std::string& script) {
    auto on = base::pg::connection::open(system["ND_ADMIN_DATABASE_URL"], {}).value();
    auto done = on.exec_script(script);
    if (!done) throw std::runtime_error(done.error().detail);
    return std::move(*done);
}

inline std::int64_t admin_number(const stack& system, const std::string& query) {
    return admin(system, query)[0].integer("n");
}

}  // namespace nd::tests
