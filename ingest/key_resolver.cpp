#include "ingest/key_resolver.hpp"

#include "schema/api_key.hpp"

namespace nd::ingest {

using schema::problem;
using schema::problem_code;

namespace {

constexpr int retry_seconds = 5;

problem to_problem(schema::key_fault fault) {
    return {problem_code::malformed_key, std::string(schema::to_sentence(fault))};
}

problem cannot_know() {
    return {problem_code::keys_unavailable,
            "Keys cannot be checked at the moment; send the same request again later.",
            retry_seconds};
}

std::optional<problem> to_problem(lookup_outcome outcome) {
    switch (outcome) {
        case lookup_outcome::in_table: return std::nullopt;
        case lookup_outcome::absent:
            return problem{problem_code::unknown_key,
                           "No such key; copy it again from the dashboard's Settings page."};
        case lookup_outcome::revoked:
            return problem{problem_code::key_revoked,
                           "The key was revoked; use its successor or make a new key."};
        case lookup_outcome::unavailable: break;
    }
    return cannot_know();
}

key_answer judge(key_record key) {
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    if (auto refusal = key_refusal(key, now)) return *std::move(refusal);
    return key;
}

}  // namespace

key_resolver::key_resolver(key_table& table, key_inbox& inbox, std::string_view pepper)
    : table_(table), inbox_(inbox), hmac_(pepper) {}

std::optional<key_answer> key_resolver::from_table(const key_hash& hash) {
    // The bound holds for what is known and for what is not: a table that nobody confirms says
    // nothing.
    if (table_.stale(key_table::clock::now())) return cannot_know();
    if (auto key = table_.find(hash)) return judge(*std::move(key));
    return std::nullopt;
}

std::optional<key_answer> key_resolver::resolve_now(std::string_view header) {
    const auto parsed = schema::parse_api_key(header);
    if (!parsed) return to_problem(parsed.error());
    const key_hash hash{hmac_(parsed->text)};
    if (auto known = from_table(hash)) return known;
    if (const auto miss = inbox_.known_miss(hash)) return *to_problem(*miss);
    return std::nullopt;
}

base::task<key_answer> key_resolver::resolve(std::string_view header) {
    if (auto known = resolve_now(header)) co_return *std::move(known);
    const key_hash hash{hmac_(header)};
    const auto outcome = co_await inbox_.look_up(hash, longest_wait);
    if (auto refusal = to_problem(outcome)) co_return *std::move(refusal);
    auto found = from_table(hash);
    // Found, and gone again before this thread came to look: revoked in that moment, or the table
    // was renewed.
    if (!found) co_return cannot_know();
    co_return *std::move(found);
}

}  // namespace nd::ingest
