#include "tests/pg/database.hpp"

#include "sql/migrations.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>

namespace nd::tests {
namespace {

constexpr std::string_view role_password = "only-for-tests";
constexpr std::array login_roles{"nd_migrate", "nd_ingest", "nd_operator", "nd_backup",
                                 "nd_reader",  "nd_writer", "nd_enricher", "nd_dashboard"};

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') {
        throw std::runtime_error(std::string(name) + " is not set: run the tests with ./dev test");
    }
    return value;
}

std::map<std::string, std::string> admin_settings() {
    const std::string url = variable("ND_TEST_ADMIN_DATABASE_URL");
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
        PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
    std::map<std::string, std::string> settings;
    for (const PQconninfoOption* one = parsed.get(); one != nullptr && one->keyword != nullptr;
         ++one) {
        if (one->val != nullptr) {
            settings[one->keyword] = one->val;
        }
    }
    return settings;
}

std::string joined(const std::map<std::string, std::string>& settings) {
    std::string url;
    for (const auto& [key, value] : settings) {
        url += key + "='" + value + "' ";
    }
    return url;
}

std::string admin_url(const std::string& database) {
    auto settings = admin_settings();
    settings["dbname"] = database;
    return joined(settings);
}

std::string role_url(const std::string& database, std::string_view role) {
    auto settings = admin_settings();
    settings["dbname"] = database;
    settings["user"] = role;
    settings["password"] = role_password;
    return joined(settings);
}

// A database that stays behind harms nobody: the cluster is the tests' own.
void drop_database(const std::string& name) {
    auto root = base::pg::connection::open(admin_url(admin_settings()["dbname"]));
    if (root) {
        static_cast<void>(root->exec_script("drop database if exists " + name + " with (force)"));
    }
}

std::string unused_name() {
    static std::atomic<int> made{0};
    return "nd_test_" + std::to_string(::getpid()) + "_" +
           std::to_string(std::random_device{}() % 1'000'000) + "_" + std::to_string(++made);
}

}  // namespace

base::pg::connection must_open(const std::string& url) {
    auto opened = base::pg::connection::open(url, {.application_name = "nd-test"});
    if (opened.has_error()) {
        throw std::runtime_error("no connection: " + opened.error().detail);
    }
    return std::move(*opened);
}

base::pg::rows must(base::pg::connection& on, std::string_view script) {
    auto said = on.exec_script(script);
    if (said.has_error()) {
        throw std::runtime_error(said.error().sqlstate + " " + said.error().detail +
                                 " in: " + std::string(script.substr(0, 200)));
    }
    return std::move(*said);
}

std::string state_of(base::pg::connection& on, std::string_view script) {
    const auto said = on.exec_script(script);
    return said.has_error() ? said.error().sqlstate : "";
}

std::int64_t number(base::pg::connection& on, std::string_view query) {
    const auto said = on.exec_script("select (" + std::string(query) + ") as number");
    if (said.has_error()) {
        throw std::runtime_error(said.error().sqlstate + " " + said.error().detail +
                                 " in: " + std::string(query));
    }
    return (*said)[0].integer("number");
}

namespace {

// Roles and migrations, once per process; every test's database is a copy of it.
class prepared {
  public:
    prepared() : name_(unused_name()) {
        auto root = must_open(admin_url(admin_settings()["dbname"]));
        must(root, "create database " + name_);
        auto admin = must_open(admin_url(name_));
        must(admin, sql::roles);
        // Test programs run side by side, and roles are the whole cluster's.
        must(admin, "begin; lock table pg_catalog.pg_authid in share row exclusive mode");
        for (const char* role : login_roles) {
            if (base::pg::connection::open(role_url(name_, role)).has_error()) {
                const auto verifier = admin.password_verifier(role, std::string(role_password));
                must(admin,
                     "alter role " + std::string(role) + " password '" + verifier.value() + "'");
            }
        }
        must(admin, "commit");
        auto migrate = must_open(role_url(name_, "nd_migrate"));
        for (const sql::migration& one : sql::migrations()) {
            must(migrate, "begin; set local role nd_owner");
            must(migrate, one.text);
            must(migrate, "commit");
        }
    }
    ~prepared() { drop_database(name_); }
    prepared(const prepared&) = delete;
    prepared& operator=(const prepared&) = delete;
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    std::string name_;
};

}  // namespace

test_database::test_database() : name_(unused_name()) {
    static const prepared original;
    auto root = must_open(admin_url(admin_settings()["dbname"]));
    must(root, "create database " + name_ + " template " + original.name());
    // A copy has the tables with their rights, but not the rights of the database itself: those are
    // given again.
    auto here = admin();
    must(here, sql::roles);
}

test_database::~test_database() {
    drop_database(name_);
}

std::string test_database::url(std::string_view role) const {
    return role_url(name_, role);
}

std::string test_database::pooled_url(std::string_view role) const {
    const std::string address = variable("ND_TEST_PGBOUNCER");
    const std::size_t colon = address.rfind(':');
    return "host='" + address.substr(0, colon) + "' port='" + address.substr(colon + 1) +
           "' dbname='" + name_ + "' user='" + std::string(role) + "' password='" +
           std::string(role_password) + "'";
}

base::pg::connection test_database::as(std::string_view role) const {
    return must_open(url(role));
}

base::pg::connection test_database::pooled_as(std::string_view role) const {
    return must_open(pooled_url(role));
}

std::vector<base::pg::connection> test_database::both(std::string_view role) const {
    std::vector<base::pg::connection> ways;
    ways.push_back(as(role));
    ways.push_back(pooled_as(role));
    return ways;
}

base::pg::connection test_database::admin() const {
    return must_open(admin_url(name_));
}

}  // namespace nd::tests
