#include "base/config.hpp"

#include "base/pg_url.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

using namespace nd::base;

namespace {

struct sample {
    std::string kafka;
    std::string database;
    std::int64_t records = 5000;
    bool single = false;
};

result<bool> read(sample& into, std::vector<const char*> arguments) {
    config_reader reader("nd-sample", "a program of the tests");
    reader.text(into.kafka, "kafka", "ND_TEST_CFG_KAFKA", "bootstrap servers").required();
    reader.text(into.database, "database-url", "ND_TEST_CFG_URL", "where rows go")
        .secret()
        .check([](const std::string& url) {
            return url.rfind("postgresql://", 0) == 0 ? std::string()
                                                      : "must start with postgresql://";
        });
    reader.number(into.records, 1, 100'000, "batch-records", "ND_TEST_CFG_RECORDS", "records");
    reader.boolean(into.single, "single-broker", "ND_TEST_CFG_SINGLE", "one broker will do");
    arguments.insert(arguments.begin(), "nd-sample");
    return reader.read(static_cast<int>(arguments.size()), arguments.data());
}

struct environment_value {
    const char* name;
    environment_value(const char* n, const char* v) : name(n) { ::setenv(n, v, 1); }
    ~environment_value() { ::unsetenv(name); }
};

}  // namespace

TEST_CASE("a flag is stronger than the environment, which is stronger than the file") {
    const std::string path = "/tmp/nd_config_" + std::to_string(::getpid()) + ".toml";
    std::ofstream(path) << "kafka = \"from-file:1\"\nbatch-records = 7\n";
    {
        sample s;
        REQUIRE(read(s, {"--config", path.c_str()}).has_value());
        CHECK(s.kafka == "from-file:1");
        CHECK(s.records == 7);
    }
    environment_value env("ND_TEST_CFG_KAFKA", "from-env:1");
    {
        sample s;
        REQUIRE(read(s, {"--config", path.c_str()}).has_value());
        CHECK(s.kafka == "from-env:1");
    }
    sample s;
    REQUIRE(read(s, {"--config", path.c_str(), "--kafka", "from-flag:1"}).has_value());
    CHECK(s.kafka == "from-flag:1");
    std::remove(path.c_str());
}

TEST_CASE("all problems are reported at once, and a secret is not repeated") {
    sample s;
    const auto outcome = read(s, {"--database-url", "mysql://u:hunter2@h/d", "--batch-records", "0",
                                  "--no-such-flag", "--databse-url=postgresql://u:hunter2@h/d",
                                  "--databse-url", "postgresql://u:hunter2@h/d"});
    REQUIRE(outcome.has_error());
    const auto& text = outcome.error().detail;
    CHECK(text.find("--kafka (ND_TEST_CFG_KAFKA): is required") != std::string::npos);
    CHECK(text.find("must start with postgresql://") != std::string::npos);
    CHECK(text.find("whole number from 1 to 100000") != std::string::npos);
    CHECK(text.find("--no-such-flag") != std::string::npos);
    CHECK(text.find("--databse-url: not known") != std::string::npos);
    CHECK(text.find("hunter2") == std::string::npos);
}

TEST_CASE("a switch can be set by the environment as 1 or true") {
    for (const auto* value : {"1", "true"}) {
        environment_value env("ND_TEST_CFG_SINGLE", value);
        sample s;
        REQUIRE(read(s, {"--kafka", "k:1"}).has_value());
        CHECK(s.single);
    }
}

TEST_CASE("a misspelt name in the file is a problem, not silence") {
    const std::string path = "/tmp/nd_config_bad_" + std::to_string(::getpid()) + ".toml";
    std::ofstream(path) << "kafka = \"k:1\"\nbatch-recrods = 7\n";
    sample s;
    const auto outcome = read(s, {"--config", path.c_str()});
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().detail.find("batch-recrods") != std::string::npos);
    std::remove(path.c_str());
}

TEST_CASE("host:port is taken apart") {
    CHECK(parse_host_port("127.0.0.1:8080").value().port == 8080);
    CHECK(parse_host_port("[::1]:80").value().host == "::1");
    for (const auto* bad : {"", "8080", "host:", "host:x", "host:70000", ":80"}) {
        CHECK_MESSAGE(parse_host_port(bad).has_error(), bad);
    }
}

TEST_CASE("of a database URL a message shows who and where, and no secret") {
    const std::pair<const char*, const char*> table[] = {
        {"postgresql://u:p%40ss@h:5432/d", "postgresql://u:***@h:5432/d"},
        {"postgresql://u:a:b@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u@h/d", "postgresql://u@h/d"},
        {"postgres://h", "postgres://h"},
        {"postgresql://u:pw@[::1]:5432/d", "postgresql://u:***@[::1]:5432/d"},
        {"postgresql://u:pw@a:1,b:2/d", "postgresql://u:***@a:1,b:2/d"},
        {"postgresql://nd_writer@db/nd?password=hunter2&sslpassword=x",
         "postgresql://nd_writer@db/nd?..."},
    };
    for (const auto& [url, shown] : table)
        CHECK(without_password(url) == shown);
}

TEST_CASE("a database URL whose secret has no sure end is not shown at all") {
    for (const auto* url :
         {"host=h password=hunter2 user=u", "host=h user=u", "postgresql://u:p@hunter2@h/d",
          "postgresql://u:p/hunter2@h/d", "postgresql://u:5/hunter2@h/d",
          "postgresql://u:p?hunter2@h/d", "postgresql://u:5?hunter2=x@h/d",
          "postgresql://u:p#hunter2@h/d", "postgresql://u:hunter2", "postgresql://u:5/h?a=unter2@h",
          "postgresql://u:p hunter2@h/d", "postgresql://u:p\nhunter2@h/d", "hunter2",
          "https://u:hunter2@h/d", ""}) {
        CAPTURE(url);
        CHECK(without_password(url) == "(a database URL)");
    }
}

TEST_CASE("a URL whose password libpq would take for a host is refused in words of ours") {
    for (const auto* url :
         {"postgresql://u:p@hunter2@h/d", "postgresql://u:5/hunter2@h/d",
          "postgres://u:5432/d?application_name=hunter2@h/d", "postgresql://u:hunter2/d?x"}) {
        CAPTURE(url);
        const auto problem = pg::url_problem(url);
        CHECK(problem.find("as %XX") != std::string::npos);
        CHECK(problem.find("hunter2") == std::string::npos);
    }
    for (const auto* url : {"postgresql://u:p%40q@h/d", "postgresql:///d?host=/tmp", "host=a@b",
                            "postgresql://u@h/d"}) {
        CHECK_MESSAGE(pg::url_problem(url).empty(), url);
    }
}
