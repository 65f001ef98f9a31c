#include "tests/e2e/obligations.hpp"

#include "base/pg.hpp"
#include "base/random.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <array>
#include <stdexcept>

namespace nd::tests {
namespace pg = nd::base::pg;

namespace {

pg::connection open(const std::string& url) {
    auto made = pg::connection::open(url);
    if (!made) throw std::runtime_error("Postgres: " + made.error().detail);
    return std::move(*made);
}

template <class T>
T need(nd::base::result<T> outcome) {
    if (!outcome) throw std::runtime_error("Postgres: " + outcome.error().detail);
    return std::move(*outcome);
}

}  // namespace

std::string fresh_uuid() {
    std::array<std::uint8_t, 16> b{};
    base::fill_random(b);
    b[6] = static_cast<std::uint8_t>((b[6] & 0x0f) | 0x40);
    b[8] = static_cast<std::uint8_t>((b[8] & 0x3f) | 0x80);
    std::string out;
    for (std::size_t i = 0; i < b.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += fmt::format("{:02x}", b[i]);
    }
    return out;
}

std::string now_text() {
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto us = now.time_since_epoch().count();
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                       fmt::gmtime(static_cast<std::time_t>(us / 1'000'000)), us % 1'000'000);
}

http_answer obligations::send(http_client& client, const tenant_key& as, int count) {
    std::string body = R"({"events":[)";
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) {
        ids.push_back(fresh_uuid());
        body += fmt::format(
            R"({}{{"event_id":"{}","name":"element_clicked","occurred_at":"{}","page":"/e2e",)"
            R"("properties":{{"n":{}}}}})",
            i == 0 ? "" : ",", ids.back(), now_text(), i);
    }
    return send_body(client, as, body + "]}", ids);
}

http_answer obligations::send_body(http_client& client, const tenant_key& as,
                                   const std::string& body, const std::vector<std::string>& ids) {
    auto answer = client.post("/v1/events", body,
                              {{"X-ND-Key", as.key}, {"Content-Type", "application/json"}});
    const std::scoped_lock lock(mutex_);
    auto& debt = by_tenant_[as.tenant];
    if (answer.status == 202) {
        std::set<std::int64_t> rejected;
        const auto said = boost::json::parse(answer.body);
        for (const auto& r : said.at("rejected").as_array())
            rejected.insert(r.at("index").to_number<std::int64_t>());
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (!rejected.contains(static_cast<std::int64_t>(i))) debt.accepted.insert(ids[i]);
        }
    } else if (answer.status == 503 || answer.status == 0) {
        debt.uncertain.insert(ids.begin(), ids.end());
    }
    return answer;
}

std::size_t obligations::accepted(const std::string& tenant) const {
    const std::scoped_lock lock(mutex_);
    const auto found = by_tenant_.find(tenant);
    return found == by_tenant_.end() ? 0 : found->second.accepted.size();
}

std::size_t obligations::accepted() const {
    const std::scoped_lock lock(mutex_);
    std::size_t sum = 0;
    for (const auto& [tenant, debt] : by_tenant_)
        sum += debt.accepted.size();
    return sum;
}

obligations::verdict obligations::check(const std::string& tenant) const {
    const auto ids = visible_ids(system_, tenant);
    const std::set<std::string> seen(ids.begin(), ids.end());
    const std::scoped_lock lock(mutex_);
    const auto& debt = by_tenant_.at(tenant);
    verdict out{ids.size(), 0, ids.size() - seen.size(), 0};
    for (const auto& id : debt.accepted)
        out.missing += seen.contains(id) ? 0 : 1;
    for (const auto& id : seen) {
        out.spurious += debt.accepted.contains(id) || debt.uncertain.contains(id) ? 0 : 1;
    }
    return out;
}

obligations::verdict obligations::check_all() const {
    std::vector<std::string> tenants;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [tenant, debt] : by_tenant_)
            tenants.push_back(tenant);
    }
    verdict sum;
    for (const auto& tenant : tenants) {
        const auto one = check(tenant);
        sum.rows += one.rows;
        sum.missing += one.missing;
        sum.duplicate += one.duplicate;
        sum.spurious += one.spurious;
    }
    return sum;
}

bool obligations::all_arrive(std::chrono::seconds longest) const {
    return eventually(longest, [this] { return check_all().missing == 0; });
}

std::vector<std::string> visible_ids(const stack& system, const std::string& tenant) {
    auto connection = open(system["ND_OPERATOR_DATABASE_URL"]);
    auto tx = need(pg::tenant_tx::begin(connection, tenant));
    const auto rows = need(
        tx.exec(pg::tenant_statement("select event_id::text as id from nd.events order by 1")));
    std::vector<std::string> ids;
    for (const auto& row : rows)
        ids.emplace_back(row.text("id"));
    return ids;
}

std::size_t rows_in_all(const stack& system) {
    auto connection = open(system["ND_ADMIN_DATABASE_URL"]);
    const auto rows = need(connection.exec(pg::statement("select count(*) as n from nd.events")));
    return static_cast<std::size_t>(rows[0].integer("n"));
}

std::vector<tenant_key> make_tenants(const stack& system, int count) {
    const auto file = system.run_dir() + "/keys-" + fresh_uuid() + ".jsonl";
    const auto made =
        system.ndctl(fmt::format("tenant create --count {} --keys-out {} --json", count, file));
    if (made.status != 0) throw std::runtime_error("ndctl tenant create: " + made.output);
    return read_tenant_keys(file);
}

}  // namespace nd::tests
