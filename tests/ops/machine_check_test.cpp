// doctor's findings about files and clocks: each breaks exactly one thing.
#include "ops/certificate_check.hpp"
#include "ops/clock_reading.hpp"
#include "ops/file_check.hpp"
#include "ops/role_check.hpp"

#include <doctest/doctest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

using namespace nd;
namespace fs = std::filesystem;

namespace {

struct folder {
    fs::path path;
    folder() {
        std::string pattern = (fs::temp_directory_path() / "nd_ops_XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~folder() {
        std::error_code ignored;  // a folder that stays behind in /tmp fails no test
        fs::remove_all(path, ignored);
    }
    std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) const {
        const auto file = path / name;
        std::ofstream(file) << text;
        ::chmod(file.c_str(), mode);
        return file.string();
    }
    std::string operator/(const std::string& name) const { return (path / name).string(); }
};

std::vector<std::string> codes(const ops::check& seen) {
    std::vector<std::string> list;
    for (const auto& one : seen.found)
        list.push_back(one.code);
    return list;
}
using strings = std::vector<std::string>;

using key_owner = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

// A self-signed certificate, valid from and until so many seconds from now, and its key.
struct pair_of_files {
    std::string cert;
    std::string key;
};
pair_of_files make_pair(const folder& in, const std::string& name, long from, long until) {
    const key_owner key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> cert(X509_new(), &X509_free);
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), until);
    X509_set_pubkey(cert.get(), key.get());
    REQUIRE(X509_sign(cert.get(), key.get(), EVP_sha256()) > 0);
    pair_of_files made{in.write(name + ".crt", ""), in.write(name + ".key", "")};
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> cert_file(
        std::fopen(made.cert.c_str(), "w"), &std::fclose);
    REQUIRE(PEM_write_X509(cert_file.get(), cert.get()) == 1);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> key_file(
        std::fopen(made.key.c_str(), "w"), &std::fclose);
    REQUIRE(PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1);
    return made;
}

constexpr long day = 86'400;

strings certificate_codes(const std::string& cert, const std::string& key) {
    ops::settings from;
    from.tls_cert = cert;
    from.tls_key = key;
    return codes(ops::check_certificate(from, std::chrono::system_clock::now()));
}

strings pepper_codes(const std::string& path) {
    ops::settings from;
    from.pepper_file = path;
    return codes(ops::check_pepper(from));
}

}  // namespace

TEST_CASE("a sound certificate with its key has no finding, and none at all is not checked") {
    const folder in;
    const auto good = make_pair(in, "good", -day, 365 * day);
    CHECK(certificate_codes(good.cert, good.key).empty());
    CHECK(ops::check_certificate({}, std::chrono::system_clock::now()).skipped);
}

TEST_CASE("each thing that is wrong with a certificate or its key is found by its own code") {
    const folder in;
    const auto good = make_pair(in, "good", -day, 365 * day);
    const auto other = make_pair(in, "other", -day, 365 * day);
    const auto expired = make_pair(in, "expired", -20 * day, -day);
    const auto expiring = make_pair(in, "expiring", -day, 13 * day);
    const auto later = make_pair(in, "later", 2 * day, 365 * day);
    CHECK(certificate_codes(expired.cert, expired.key) == strings{"tls_expired"});
    CHECK(certificate_codes(expiring.cert, expiring.key) == strings{"tls_expiring"});
    CHECK(certificate_codes(later.cert, later.key) == strings{"tls_not_yet_valid"});
    CHECK(certificate_codes(good.cert, other.key) == strings{"tls_mismatch"});
    CHECK(certificate_codes(good.cert, "") == strings{"tls_incomplete"});
    CHECK(certificate_codes("", good.key) == strings{"tls_incomplete"});
    CHECK(certificate_codes(in / "absent", good.key) == strings{"tls_cert_unreadable"});
    CHECK(certificate_codes(good.cert, in / "absent") == strings{"tls_key_unreadable"});
    CHECK(certificate_codes(good.cert, good.cert) == strings{"tls_key_unreadable"});
    ::chmod(good.key.c_str(), 0644);
    CHECK(certificate_codes(good.cert, good.key) == strings{"tls_key_open"});
}

TEST_CASE("a pepper file must be there, closed to others, and 32 bytes long") {
    const folder in;
    CHECK(pepper_codes(in.write("good", std::string(32, 'p'))).empty());
    CHECK(pepper_codes(in.write("group", std::string(32, 'p'), 0640)).empty());
    CHECK(pepper_codes(in / "absent") == strings{"pepper_unreadable"});
    CHECK(pepper_codes(in.write("short", std::string(31, 'p'))) == strings{"pepper_short"});
    CHECK(pepper_codes(in.write("open", std::string(32, 'p'), 0604)) == strings{"pepper_open"});
    CHECK(ops::check_pepper({}).skipped);
}

TEST_CASE("each variable that everything needs is a finding when it is missing") {
    ops::settings from;
    from.kafka = "k:1";
    from.pepper_file = "p";
    from.operator_url = "postgresql://nd_operator@h/d";
    CHECK(ops::check_variables(from).found.empty());
    for (const auto member :
         {&ops::settings::kafka, &ops::settings::pepper_file, &ops::settings::operator_url}) {
        auto broken = from;
        (broken.*member).clear();
        const auto seen = ops::check_variables(broken);
        REQUIRE(codes(seen) == strings{"config_missing"});
        CHECK(seen.found[0].subject.starts_with("ND_"));
    }
}

TEST_CASE(
    "a clock is wrong by what cannot be explained by the answer's slowness, in both directions") {
    using namespace std::chrono_literals;
    const std::chrono::system_clock::time_point t{1'000'000s};
    CHECK(ops::skew_of({t, t + 3s, t + 6s}) == 0ms);
    CHECK(ops::check_clock("Kafka", {t, t + 3s, t + 6s}).empty());
    CHECK(ops::check_clock("Kafka", {t, t + 3s, t + 1s}).empty());
    const auto ahead = ops::check_clock("Kafka", {t, t + 2h, t + 1s});
    REQUIRE(ahead.size() == 1);
    CHECK(ahead[0].code == "clock_kafka");
    CHECK(ahead[0].detail == "its clock is 7199.0 s ahead of this machine's");
    const auto behind = ops::check_clock("Postgres", {t, t - 5s, t + 1s});
    REQUIRE(behind.size() == 1);
    CHECK(behind[0].code == "clock_postgres");
    CHECK(behind[0].detail == "its clock is 5.0 s behind this machine's");
}

TEST_CASE("a Postgres older than 15 is a finding") {
    CHECK(ops::check_server_version("Postgres", 150'000).empty());
    CHECK(ops::check_server_version("Postgres", 170'002).empty());
    const auto old = ops::check_server_version("Postgres", 140'012);
    REQUIRE(old.size() == 1);
    CHECK(old[0].code == "postgres_version");
    CHECK(old[0].detail == "is PostgreSQL 14.12");
}

TEST_CASE("advice names the object it is about, and tells when a superuser is needed") {
    CHECK(ops::advice_for("rls_disabled", "nd.events")
              .find("ALTER TABLE nd.events ENABLE ROW LEVEL SECURITY") != std::string::npos);
    CHECK(ops::advice_for("owner_member", "nd_writer") ==
          "as a superuser: REVOKE nd_owner FROM nd_writer");
    CHECK(ops::advice_for("a_code_of_tomorrow", "nd.x").find("nd.x") != std::string::npos);
}
