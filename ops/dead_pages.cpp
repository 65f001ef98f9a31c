#include "ops/dead_pages.hpp"

#include "ops/kafka_admin.hpp"
#include "ops/record_log.hpp"
#include "ops/tenant_store.hpp"
#include "schema/record.hpp"

namespace nd::ops {
namespace {

// A page is what is published and marked at a time, and what a crash in between does again.
constexpr std::size_t most_letters = 500;
constexpr std::size_t most_bytes = std::size_t{16} << 20;
constexpr std::chrono::milliseconds patience{200};

dead_letter letter_of(const base::kafka_received& record) {
    const auto copy = [](std::optional<std::string_view> text) {
        return text ? std::optional<std::string>(*text) : std::nullopt;
    };
    dead_letter letter{{record.partition(), record.offset()},
                       record.timestamp_ms(),
                       copy(record.key()),
                       copy(record.value()),
                       {}};
    record.each_header([&letter](std::string_view name, std::string_view value) {
        letter.headers.emplace_back(name, value);
    });
    return letter;
}

base::result<kafka_retention> ask_retention(const settings& from) {
    auto kafka = kafka_admin::connect(from);
    if (!kafka) return kafka.error();
    topic_plan asked;
    asked.name = schema::dead_topic;
    const auto facts = kafka->describe({asked});
    if (!facts) return facts.error();
    if (!facts->front().exists) {
        return base::failure(base::errc::not_found,
                             "there is no topic nd.dead.v1: make it with ndctl topics");
    }
    return retention_of(facts->front());
}

}  // namespace

base::result<dead_pages> dead_pages::open(const settings& from, const dead_wish& wish) {
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto retention = ask_retention(from);
    if (!retention) return retention.error();
    auto range = resolve_range(from, schema::dead_topic, wish.range);
    if (!range) return range.error();
    return dead_pages(from, wish, std::move(*on), std::move(*range), *retention);
}

base::result<> dead_pages::each(const visit& see) {
    for (const auto& span : range_.spans) {
        if (span.size() == 0) continue;
        if (auto done = each_of(span, see); !done) return done;
    }
    // A tenant may have letters and be unknown; one that has none is a mistake in the word.
    if (met_ > 0 || wish_.tenant.empty() || wish_.tenant == "none") return {};
    const auto known = find_tenant(on_, wish_.tenant);
    return known ? base::result<>() : known.error();
}

base::result<> dead_pages::each_of(const partition_span& span, const visit& see) {
    auto reader = record_reader::open(settings_, schema::dead_topic, span);
    if (!reader) return reader.error();
    std::vector<known_letter> page;
    std::size_t bytes = 0;
    const auto take = [&](const base::kafka_received& record) {
        if (!range_.holds(record.timestamp_ms())) return;
        auto letter = letter_of(record);
        if (!wish_.takes(letter)) return;
        bytes += letter.bytes();
        page.push_back({std::move(letter), {}});
    };
    while (!(*reader)->done()) {
        if (auto read = (*reader)->read(patience, take); !read) return read;
        if (page.size() < most_letters && bytes < most_bytes) continue;
        if (auto done = show(page, see); !done) return done;
        bytes = 0;
    }
    return show(page, see);
}

base::result<> dead_pages::show(std::vector<known_letter>& page, const visit& see) {
    met_ += page.size();
    if (auto known = store().look_up(page); !known) return known;
    std::erase_if(page, [this](const known_letter& one) { return !wish_.takes(one.mark); });
    auto done = page.empty() ? base::result<>() : see(page);
    page.clear();
    return done;
}

}  // namespace nd::ops
