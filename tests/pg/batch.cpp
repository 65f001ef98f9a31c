#include "tests/pg/batch.hpp"

#include "schema/instant.hpp"
#include "sql/queries/store_events.hpp"

#include <fmt/format.h>

namespace nd::tests {
namespace {

using base::pg::param;

std::span<const std::uint8_t> bytes(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// RFC 3339, as the writer says it.
std::string schema_time(std::int64_t us) {
    return schema::to_string(schema::instant{us});
}

}  // namespace

raw_uuid numbered_uuid(std::uint8_t kind, std::uint64_t number) {
    raw_uuid uuid{kind};
    for (std::size_t i = 0; i < 8; ++i) {
        uuid[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return uuid;
}

std::string to_text(const raw_uuid& uuid) {
    std::string text;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        text += fmt::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
    }
    return text;
}

batch& batch::of(const raw_uuid& tenant, std::vector<event_row> events) {
    const auto first = static_cast<std::int32_t>(rows.size()) + 1;
    for (event_row& one : events) {
        one.tenant = tenant;
        rows.push_back(std::move(one));
    }
    groups.push_back({tenant, first, static_cast<std::int32_t>(rows.size())});
    return *this;
}

base::result<stored> batch::store(base::pg::connection& on) const {
    base::pg::uuid_array tenants, row_tenants, ids;
    base::pg::int4_array lo, hi, partitions;
    base::pg::int8_array expectations, next;
    base::pg::timestamptz_array occurred, received;
    base::pg::int4_array receipt_lo, receipt_hi, receipt_rows, places;
    base::pg::uuid_array requests;
    base::pg::bytea_array receipt_users, hashes;
    base::pg::text_array environments, names, sessions, users, pages, documents;
    for (const receipt_entry& one : receipts) {
        receipt_rows.add(one.row);
        requests.add(one.request);
        places.add(one.place);
        receipt_users.add(bytes(one.user_hash));
    }
    for (const group& one : groups) {
        if (!receipts.empty()) {
            receipt_lo.add(one.receipt_lo);
            receipt_hi.add(one.receipt_hi);
        }
        tenants.add(one.tenant);
        lo.add(one.lo);
        hi.add(one.hi);
    }
    for (const event_row& row : rows) {
        if (row.tenant) {
            row_tenants.add(*row.tenant);
        } else {
            row_tenants.add_null();
        }
        ids.add(row.id);
        occurred.add(row.occurred_us);
        received.add(row.occurred_us + 1'000'000);
        environments.add(row.environment);
        names.add(row.name);
        sessions.add_null();
        users.add(std::string_view("user"));
        pages.add(row.page);
        documents.add(row.properties);
        hashes.add(bytes(row.user_hash));
    }
    partitions.add(partition);
    expectations.add(expected);
    next.add(next_offset);
    const auto said = on.exec(sql::store_events, tenants, lo, hi, row_tenants, ids, occurred,
                              received, environments, names, sessions, users, pages, documents,
                              "cluster", "nd.events.v1", partitions, expectations, next,
                              schema_time(oldest_us), hash_key ? param(hashes) : param(nullptr),
                              hash_key ? param(bytes(*hash_key)) : param(nullptr), receipt_lo,
                              receipt_hi, receipt_rows, requests, places, receipt_users);
    if (said.has_error()) {
        return said.error();
    }
    const base::pg::row one = (*said)[0];
    return stored{one.integer("inserted"),    one.integer("duplicates"),
                  one.integer("conflicts"),   one.integers("bad_rows"),
                  one.texts("bad_states"),    one.boolean("wants_hashes"),
                  one.integers("erased_rows")};
}

std::vector<event_row> events_of(std::uint64_t first, std::uint64_t count, std::int64_t from_us) {
    std::vector<event_row> events;
    for (std::uint64_t i = 0; i < count; ++i) {
        event_row one;
        one.id = numbered_uuid(0xee, first + i);
        one.occurred_us = from_us + static_cast<std::int64_t>(first + i);
        one.properties = fmt::format(R"({{"number": {}}})", first + i);
        events.push_back(std::move(one));
    }
    return events;
}

}  // namespace nd::tests
