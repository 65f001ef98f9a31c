// ndctl receipt against a real Postgres.
#include "base/hmac.hpp"
#include "ops/file_check.hpp"
#include "schema/receipt.hpp"
#include "tests/ops/database_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <fstream>

using namespace nd;
using namespace nd::tests;
using ops::exit_status;

namespace {

struct with_receipts : ops_database {
    base::pg::connection admin = database.admin();
    std::string tenant{must_run({"tenant", "create", "acme"}).at("tenant_id").as_string()};
    std::string request = "0b7f3d0c-5f5c-4a53-9a2e-0c5a0c8b1f2e";

    // Signed with the pepper's key, or with the files' first.
    std::string token(std::int64_t days_ago = 0) const {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
        const auto pepper = base::read_secret_file(settings.pepper_file);
        auto keys =
            schema::receipt_keys(*schema::receipt_secrets(settings.receipt_key_files, *pepper));
        return keys.sign(
            schema::make_receipt(*schema::parse_tenant_id(tenant), *schema::parse_uuid(request), 10,
                                 schema::instant{us - days_ago * 24 * 3600 * 1'000'000}));
    }
    void note(const std::string& stored, const std::string& dead, const std::string& erased) {
        must(admin, fmt::format("truncate nd.receipts; insert into nd.receipts values ('{}', '{}', "
                                "'', now(), '{}', '{}', '{}')",
                                tenant, request, stored, dead, erased));
    }
};

}  // namespace

TEST_CASE("verify answers where a request's events are, and exits 0 when every one has arrived") {
    with_receipts w;
    w.note("{[0,5)}", "{}", "{[5,6)}");
    const auto pending = w.run({"receipt", "verify", w.token(), "--json"});
    CHECK(pending.status == exit_status::finding);
    const auto said = boost::json::parse(pending.out).as_object();
    CHECK(said.at("accepted").as_int64() == 10);
    CHECK(said.at("stored").as_int64() == 5);
    CHECK(said.at("pending").as_int64() == 4);
    CHECK(said.at("erased").as_int64() == 1);
    CHECK(said.at("request_id").as_string() == w.request);
    w.note("{[0,8)}", "{[8,9)}", "{[9,10)}");
    CHECK(w.run({"receipt", "verify", w.token()}).status == exit_status::finding);
    w.note("{[0,9)}", "{[8,9)}", "{[9,10)}");
    const auto all = w.run({"receipt", "verify", w.token()});
    CHECK(all.status == exit_status::fine);
    CHECK(all.out.find("9 stored, 0 pending, 0 dead, 1 erased") != std::string::npos);
}

TEST_CASE("verify says of a forged, cut or expired token what it is") {
    with_receipts w;
    w.note("{[0,10)}", "{}", "{}");
    auto forged = w.token();
    forged[60] = forged[60] == 'A' ? 'B' : 'A';
    for (const auto& bad : {forged, w.token().substr(1), std::string("x")}) {
        const auto said = w.run({"receipt", "verify", bad, "--json"});
        CHECK(said.status == exit_status::finding);
        CHECK(said.out == "{\"genuine\":false}\n");
    }
    const auto late = w.run({"receipt", "verify", w.token(91), "--json"});
    CHECK(late.status == exit_status::finding);
    CHECK(boost::json::parse(late.out).at("expired").as_bool());
    CHECK(w.run({"receipt", "verify"}).status == exit_status::usage);
}

TEST_CASE("a rotation keeps the old key's receipts; without its file they are forged") {
    with_receipts w;
    w.note("{[0,10)}", "{}", "{}");
    const auto file = [&](const char* name, char fill) {
        const auto path = w.folder() / name;
        std::ofstream(path) << std::string(32, fill);
        std::filesystem::permissions(
            path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        return path.string();
    };
    const auto first = file("first", 'a');
    const auto second = file("second", 'b');
    const auto from_pepper = w.token();
    w.settings.receipt_key_files = first;
    const auto before = w.token();
    w.settings.receipt_key_files = second + "," + first;
    const auto after = w.token();
    for (const auto& token : {from_pepper, before, after})
        CHECK(w.run({"receipt", "verify", token}).status == exit_status::fine);
    CHECK(ops::check_receipt_keys(w.settings).found.empty());
    w.settings.receipt_key_files = second;
    CHECK(w.run({"receipt", "verify", before}).status == exit_status::finding);
    CHECK(w.run({"receipt", "verify", after}).status == exit_status::fine);
    w.settings.receipt_key_files = second + "," + first + ".gone";
    CHECK(w.run({"receipt", "verify", after}).status == exit_status::usage);
    CHECK(codes_of({ops::check_receipt_keys(w.settings)}) == "receipt_key_bad");
}

TEST_CASE("prune deletes what has expired, of every tenant, and nothing else") {
    with_receipts w;
    must(w.admin,
         "insert into nd.receipts (tenant_id, request_id, user_hash, received_at) select "
         "gen_random_uuid(), gen_random_uuid(), '', now() - age * interval '1 day' from "
         "unnest('{1,89,99,101,300}'::int[]) age, generate_series(1, 3000)");
    CHECK(w.must_run({"receipt", "prune"}).at("deleted").as_int64() == 6000);
    CHECK(number(w.admin, "select count(*) from nd.receipts") == 9000);
    CHECK(w.must_run({"receipt", "prune"}).at("deleted").as_int64() == 0);
}
