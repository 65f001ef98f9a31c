#include "ops/dead_settle.hpp"

#include "base/kafka_sync_producer.hpp"
#include "ops/dead_pages.hpp"
#include "ops/printable.hpp"
#include "ops/text_table.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace nd::ops {
namespace {

namespace json = boost::json;

constexpr std::size_t most_named = 100;  // letters that stay, one by one

// What a run did, or would do.
struct tally {
    std::map<std::pair<std::string, std::string>, std::int64_t> settled;  // tenant, reason
    std::int64_t count = 0;
    std::int64_t left = 0;
    json::array left_letters;
    text_table left_table{{"LETTER", "STAYS BECAUSE"}};
    kafka_expiry kept;  // from the first that may go to the last that does

    void settle(const dead_letter& letter, const kafka_retention& retention) {
        ++settled[{letter.tenant().value_or("none"), printable(letter.code())}];
        const auto expiry = expiry_of(letter.died_ms, retention);
        kept = {count == 0 ? expiry.earliest_ms : std::min(kept.earliest_ms, expiry.earliest_ms),
                std::max(kept.latest_ms, expiry.latest_ms)};
        ++count;
    }
    void leave(const dead_letter& letter, const std::string& because) {
        if (std::cmp_less(left++, most_named)) {
            left_letters.push_back(
                json::object{{"letter", to_string(letter.at)}, {"because", because}});
            left_table.add({to_string(letter.at), because});
        }
    }
};

report tell(const tally& done, const char* state, bool dry_run) {
    json::array list;
    text_table table({"TENANT", "REASON", "LETTERS"});
    for (const auto& [what, count] : done.settled) {
        list.push_back(json::object{
            {"tenant_id", what.first == "none" ? json::value(nullptr) : json::value(what.first)},
            {"code", what.second},
            {"count", count}});
        table.add({what.first, what.second, std::to_string(count)});
    }
    report said;
    said.data = {{dry_run ? fmt::format("would_be_{}", state) : std::string(state), done.count},
                 {"by_tenant", std::move(list)},
                 {"left", done.left},
                 {"left_letters", done.left_letters}};
    const auto letters = counted(static_cast<std::size_t>(done.count), "letter");
    said.text = done.count == 0 ? "Nothing to do.\n"
                                : fmt::format("{} {}{}:\n{}", letters, dry_run ? "would be " : "",
                                              state, table.text());
    if (done.count > 0) {
        said.data["kafka_deletes"] = to_json(done.kept);
        said.text += fmt::format("Kafka keeps its own copies: {}.\n", to_text(done.kept));
    }
    if (done.left > 0) {
        said.status = exit_status::finding;
        said.text +=
            fmt::format("\n{} stay:\n{}", counted(static_cast<std::size_t>(done.left), "letter"),
                        done.left_table.text());
    }
    return said;
}

// What was done stays done, and a second run goes on from there.
base::error after(base::error problem, std::int64_t done, const char* state) {
    if (done > 0) problem.detail += fmt::format(" ({} were {} before; run it again)", done, state);
    return problem;
}

}  // namespace

base::result<report> replay_dead(const settings& from, const dead_wish& wish,
                                 const settle_options& options) {
    auto pages = dead_pages::open(from, wish);
    if (!pages) return pages.error();
    auto kafka = base::kafka_sync_producer::open(
        {from.kafka, from.kafka_config, from.single_broker}, "ndctl-dead");
    if (!kafka) return kafka.error();
    auto store = pages->store();
    tally done;
    const auto ended = pages->each([&](std::span<const known_letter> page) -> base::result<> {
        std::vector<known_letter> back;
        std::vector<base::outgoing_record> records;
        for (const auto& one : page) {
            const auto because = stays_because(one.letter, static_cast<int>(options.most_deaths));
            if (!because.empty()) {
                done.leave(one.letter, because);
                continue;
            }
            back.push_back(one);
            records.push_back(brought_back(one.letter));
        }
        if (!options.dry_run && !records.empty()) {
            if (auto published = kafka->publish(records); !published) return published;
            auto marked = store.mark(back, "replayed", options.note);
            if (!marked) return marked.error();
        }
        for (const auto& one : back)
            done.settle(one.letter, pages->retention());
        return {};
    });
    if (!ended) return after(ended.error(), options.dry_run ? 0 : done.count, "replayed");
    return tell(done, "replayed", options.dry_run);
}

base::result<report> drop_dead(const settings& from, const dead_wish& wish,
                               const settle_options& options) {
    auto pages = dead_pages::open(from, wish);
    if (!pages) return pages.error();
    auto store = pages->store();
    tally done;
    const auto ended = pages->each([&](std::span<const known_letter> page) -> base::result<> {
        if (!options.dry_run) {
            auto marked = store.mark(page, "dropped", options.note);
            if (!marked) return marked.error();
        }
        for (const auto& one : page)
            done.settle(one.letter, pages->retention());
        return {};
    });
    if (!ended) return after(ended.error(), options.dry_run ? 0 : done.count, "dropped");
    return tell(done, "dropped", options.dry_run);
}

}  // namespace nd::ops
