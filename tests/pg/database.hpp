// A database of the test's own in a private cluster: roles, migrations, a login for every role,
// directly and through a real PgBouncer in transaction mode. Dropped at the end. Used by every test
// with the label pg.
//   ND_TEST_ADMIN_DATABASE_URL  superuser of a cluster that no program uses (the roles' passwords
//   are set there) ND_TEST_PGBOUNCER           host:port of a PgBouncer before that cluster that
//   passes every database through
// Whatever goes wrong in here throws std::runtime_error: a test without its database has nothing to
// say.
#pragma once

#include "base/pg.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nd::tests {

class test_database {
  public:
    test_database();
    ~test_database();
    test_database(const test_database&) = delete;
    test_database& operator=(const test_database&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string url(std::string_view role) const;  // role: nd_writer, ...
    [[nodiscard]] std::string pooled_url(
        std::string_view role) const;  // the same through PgBouncer
    [[nodiscard]] base::pg::connection as(std::string_view role) const;
    [[nodiscard]] base::pg::connection pooled_as(std::string_view role) const;
    [[nodiscard]] std::vector<base::pg::connection> both(
        std::string_view role) const;                  // directly, then pooled
    [[nodiscard]] base::pg::connection admin() const;  // the superuser, in this database

  private:
    std::string name_;
};

// A connection that must be there.
[[nodiscard]] base::pg::connection must_open(const std::string& url);

// Statements that must succeed; the last one's rows.
base::pg::rows must(base::pg::connection& on, std::string_view script);

// The SQLSTATE with which statements fail; "" when they succeed. One of ours for a lost connection
// is "08006".
[[nodiscard]] std::string state_of(base::pg::connection& on, std::string_view script);

// One number, as `select count(*) ...` answers.
[[nodiscard]] std::int64_t number(base::pg::connection& on, std::string_view query);

}  // namespace nd::tests
