#include "bench/stored_batch.hpp"

#include "sql/queries/store_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

namespace nd::bench {
namespace {

constexpr std::int64_t monday_us = 1'793'577'600'000'000;  // 2026-11-02

std::string text_of(const raw_uuid& uuid) {
    std::string text;
    for (const std::uint8_t byte : uuid) {
        text += fmt::format("{:02x}", byte);
    }
    return text;
}

raw_uuid random_uuid(std::mt19937_64& random) {
    raw_uuid uuid{};
    std::generate(uuid.begin(), uuid.end(), [&] { return static_cast<std::uint8_t>(random()); });
    return uuid;
}

}  // namespace

std::vector<event> batch_of(int tenants, std::mt19937_64& random) {
    std::vector<event> events(batch_size);
    for (std::size_t i = 0; i < events.size(); ++i) {
        events[i].tenant[15] = static_cast<std::uint8_t>(i % static_cast<std::size_t>(tenants));
        events[i].tenant[14] =
            static_cast<std::uint8_t>(i % static_cast<std::size_t>(tenants) >> 8);
        events[i].id = random_uuid(random);
        events[i].occurred_us = monday_us + static_cast<std::int64_t>(random() % 86'400'000'000);
        events[i].properties = fmt::format(
            R"({{"element":{{"role":"button","name":"Save {}","state":["enabled"]}},"x":{},"y":{},)"
            R"("path":"/projects/{}/settings","variant":"b"}})",
            random() % 60, random() % 2000, random() % 1000, random() % 10000);
    }
    std::sort(events.begin(), events.end(), [](const event& a, const event& b) {
        return std::tie(a.tenant, a.occurred_us, a.id) < std::tie(b.tenant, b.occurred_us, b.id);
    });
    return events;
}

batch_columns::batch_columns(const std::vector<event>& events) {
    for (std::size_t i = 0; i < events.size(); ++i) {
        const event& one = events[i];
        if (i == 0 || events[i - 1].tenant != one.tenant) {
            tenants_.add(one.tenant);
            lo_.add(static_cast<std::int32_t>(i) + 1);
        }
        if (i + 1 == events.size() || events[i + 1].tenant != one.tenant) {
            hi_.add(static_cast<std::int32_t>(i) + 1);
        }
        row_tenants_.add(one.tenant);
        ids_.add(one.id);
        occurred_.add(one.occurred_us);
        environments_.add("live");
        names_.add("element_clicked");
        sessions_.add("2f1c9d1e-5a77-4c7c-9a53-0a1b2c3d4e5f");
        users_.add("user-1234");
        pages_.add("/projects/settings");
        documents_.add(one.properties);
    }
    partitions_.add(0);
    expected_.add(0);
}

void batch_columns::store(base::pg::connection& on, std::int64_t next) const {
    base::pg::int8_array next_offsets;
    next_offsets.add(next);
    const auto said =
        on.exec(nd::sql::store_events, tenants_, lo_, hi_, row_tenants_, ids_, occurred_, occurred_,
                environments_, names_, sessions_, users_, pages_, documents_, "cluster",
                "nd.events.v1", partitions_, expected_, next_offsets);
    if (said.has_error() || (*said)[0].integer("inserted") != batch_size) {
        throw std::runtime_error(said.has_error() ? said.error().detail : "not every row was new");
    }
}

std::string copy_text(const std::vector<event>& events) {
    std::string text;
    for (const event& one : events) {
        const std::string at = fmt::format("2026-11-02 {:02}:{:02}:{:02}.{:06}+00",
                                           (one.occurred_us - monday_us) / 3'600'000'000,
                                           (one.occurred_us - monday_us) / 60'000'000 % 60,
                                           (one.occurred_us - monday_us) / 1'000'000 % 60,
                                           (one.occurred_us - monday_us) % 1'000'000);
        text += fmt::format(
            "{}\t{}\t{}\t{}\tlive\telement_clicked\t2f1c9d1e-5a77-4c7c-9a53-0a1b2c3d4e5f\tuser-"
            "1234\t"
            "/projects/settings\t{}\n",
            text_of(one.tenant), text_of(one.id), at, at, one.properties);
    }
    return text;
}

}  // namespace nd::bench
