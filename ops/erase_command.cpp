// ndctl erase: a person's or a whole tenant's events, for good. First a tombstone that every way of
// inserting obeys, then what pages know of the person's sessions (or all of the tenant's pages),
// every row until its instant, receipts and dead letters; and it says how long Kafka keeps its own
// copy. What arrives later is stored again.
#include "ops/command_line.hpp"
#include "ops/database.hpp"
#include "ops/dead_erasure.hpp"
#include "ops/erasure.hpp"
#include "ops/kafka_admin.hpp"
#include "ops/kafka_expiry.hpp"
#include "ops/pepper.hpp"
#include "ops/tenant_store.hpp"
#include "schema/limits.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>

#include <cstdio>
#include <memory>

namespace nd::ops {
namespace {

namespace json = boost::json;

struct erase_options {
    std::string tenant;
    std::string user;
    bool one_person = false;
    bool dry_run = false;
};

// A CALL of the writer's ends within its statement_timeout of 55 s.
constexpr std::chrono::seconds longest_call{90};
constexpr std::chrono::seconds show_every{2};

std::string whom(const known_tenant& tenant, const erase_options& options) {
    if (!options.one_person) return fmt::format("tenant \"{}\" as a whole", tenant.name);
    return fmt::format("user \"{}\" of tenant \"{}\"", options.user, tenant.name);
}

base::result<> check_user(const erase_options& options) {
    if (!options.one_person) return {};
    if (options.user.empty())
        return base::failure(base::errc::invalid,
                             "--user is empty: give the person's user_id, or leave --user out to "
                             "erase the tenant as a whole");
    if (options.user.size() > schema::max_user_id_bytes)
        return base::failure(
            base::errc::invalid,
            fmt::format("--user is longer than any user_id, {} bytes", schema::max_user_id_bytes));
    return {};
}

struct topic_with_copies {
    std::string name;
    kafka_retention keeps;
};

base::result<std::vector<topic_with_copies>> topics_with_copies(kafka_admin& kafka) {
    std::vector<topic_plan> plans;
    for (const auto* name :
         {schema::events_topic, schema::import_topic, schema::pages_topic, schema::dead_topic}) {
        plans.emplace_back();
        plans.back().name = name;
    }
    const auto topics = kafka.describe(plans);
    if (!topics) return topics.error();
    std::vector<topic_with_copies> found;
    for (const auto& topic : *topics) {
        if (!topic.exists) continue;
        const auto keeps = retention_of(topic);
        if (!keeps) return keeps.error();
        found.push_back({topic.name, *keeps});
    }
    return found;
}

// A line on stderr now and then, for a person who waits.
show_rows progress_line() {
    return [next = std::chrono::steady_clock::now() + show_every](std::int64_t seen,
                                                                  std::int64_t deleted) mutable {
        if (std::chrono::steady_clock::now() < next) return;
        next = std::chrono::steady_clock::now() + show_every;
        fmt::print(stderr, "looked at {} rows, deleted {}\n", seen, deleted);
    };
}

void tell_copies(report& said, const std::vector<topic_with_copies>& topics, schema::instant at) {
    json::array copies;
    for (const auto& [topic, keeps] : topics) {
        const auto until = to_json(expiry_of(at.us / 1000, keeps)).at("latest");
        copies.push_back(json::object{{"topic", topic}, {"gone_by", until}});
        said.text +=
            until.is_null()
                ? fmt::format("Kafka's copy in {} stays: its retention has no end.\n", topic)
                : fmt::format("Kafka's copy in {} is gone by {}.\n", topic,
                              json::value_to<std::string>(until));
    }
    said.data["kafka_copies"] = std::move(copies);
}

base::result<report> dry_run(base::pg::connection& on, const known_tenant& tenant,
                             const erase_options& options, const erasure& what) {
    const auto rows = count_rows(on, what);
    if (!rows) return rows.error();
    return report{
        {{"tenant_id", tenant.id}, {"dry_run", true}, {"rows", *rows}},
        fmt::format("Would erase {}: {} rows. Nothing was changed.", whom(tenant, options), *rows),
        exit_status::fine};
}

// The rows are gone by then, and the tombstone holds.
base::error unfinished(base::error why, const erased_rows& rows) {
    why.detail = fmt::format(
        "{} rows are deleted and stay so, but dead letters are not marked yet: "
        "run the same command again ({})",
        rows.deleted, why.detail);
    return why;
}

// What an erasure needs, all of it at hand before anything is changed.
struct tools {
    base::pg::connection on;         // as nd_operator
    base::pg::connection as_writer;  // to wait for the writers' statements
    std::vector<topic_with_copies> topics;
};

base::result<tools> take_up(const settings& from, base::pg::connection on) {
    auto as_writer = open_database(from, &settings::writer_url);
    if (!as_writer) return as_writer.error();
    auto kafka = kafka_admin::connect(from);
    if (!kafka) return kafka.error();
    auto topics = topics_with_copies(*kafka);
    if (!topics) return topics.error();
    return tools{std::move(on), std::move(*as_writer), std::move(*topics)};
}

base::result<report> perform(const settings& from, tools with, const std::string& who,
                             const erasure& what, std::string_view pepper) {
    const auto at = put_tombstone(with.on, what);
    if (!at) return at.error();
    if (auto ended = wait_for_writers(with.as_writer, longest_call); !ended) return ended.error();
    const auto pages = erase_pages(with.on, what, pepper);
    if (!pages) return pages.error();
    const auto rows = erase_rows(with.on, what, progress_line());
    if (!rows) return rows.error();
    const auto receipts = erase_receipts(with.on, what);
    if (!receipts) return receipts.error();
    const auto instant = schema::parse_instant(*at).at;
    const auto letters = erase_letters(from, with.on, what, instant);
    if (!letters) return unfinished(letters.error(), *rows);

    report said{{{"tenant_id", what.tenant},
                 {"whole_tenant", !what.user},
                 {"erased_at", *at},
                 {"deleted", rows->deleted},
                 {"kept", rows->kept},
                 {"staged", rows->staged},
                 {"receipts", *receipts},
                 {"dead_letters", *letters},
                 {what.user ? "page_texts_unlinked" : "page_versions_deleted", *pages}},
                fmt::format("Erased {} as of {}: {} rows deleted, {} receipts and {} dead letters "
                            "marked.\n",
                            who, *at, rows->deleted, *receipts, *letters),
                exit_status::fine};
    if (rows->kept > 0)
        said.text += fmt::format("{} rows arrived after that instant and stay.\n", rows->kept);
    said.text += what.user ? fmt::format(
                                 "{} texts of pages know nothing of the person's sessions any "
                                 "more; nothing else about pages names a session or a person.\n",
                                 *pages)
                           : fmt::format(
                                 "{} versions of pages deleted, with all that was said of them; "
                                 "the ledger of calls stays, it holds no text.\n",
                                 *pages);
    tell_copies(said, with.topics, instant);
    return said;
}

base::result<report> erase(const settings& from, const erase_options& options) {
    if (auto good = check_user(options); !good) return good.error();
    if (auto given = require(from, {&settings::operator_url, &settings::writer_url,
                                    &settings::pepper_file, &settings::kafka});
        !given)
        return given.error();
    const auto pepper = read_pepper(from.pepper_file);
    if (!pepper) return pepper.error();
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto tenant = find_tenant(*on, options.tenant);
    if (!tenant) return tenant.error();
    const auto what =
        erasure_of(*schema::parse_tenant_id(tenant->id),
                   options.one_person ? std::optional(options.user) : std::nullopt, *pepper);
    if (options.dry_run) return dry_run(*on, *tenant, options, what);
    auto with = take_up(from, std::move(*on));
    if (!with) return with.error();
    return perform(from, std::move(*with), whom(*tenant, options), what, *pepper);
}

}  // namespace

void add_erase(command_line& line) {
    const auto options = std::make_shared<erase_options>();
    auto made = line.add("erase", "delete a person's or a tenant's events, and let none come back",
                         [options](const settings& from) { return erase(from, *options); });
    made.text(options->tenant, "--tenant", "the tenant's id", needed::yes);
    made.text(options->user, options->one_person, "--user",
              "the person's user_id; without it the tenant as a whole");
    made.flag(options->dry_run, "--dry-run", "count what would be deleted, and change nothing");
}

}  // namespace nd::ops
