#include "ops/dead_list.hpp"

#include "ops/dead_pages.hpp"
#include "ops/printable.hpp"
#include "ops/text_table.hpp"
#include "schema/record.hpp"
#include "schema/utf8.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/value_from.hpp>

#include <map>

namespace nd::ops {
namespace {

namespace json = boost::json;

std::string header_or(const dead_letter& letter, const char* name) {
    return std::string(letter.header(name).value_or(""));
}

// Bytes that are no UTF-8 would make the whole answer no JSON.
json::value text_or_escaped(const std::optional<std::string>& bytes) {
    if (!bytes) return nullptr;
    for (std::string_view rest = *bytes; !rest.empty();) {
        const auto length = schema::utf8_character(rest);
        if (length == 0) return json::value(printable(*bytes));
        rest.remove_prefix(length);
    }
    return json::value(*bytes);
}

json::object facts_of(const known_letter& one, const kafka_retention& retention) {
    const auto& letter = one.letter;
    const auto tenant = letter.tenant();
    return {{"letter", to_string(letter.at)},
            {"died_at", utc_text(letter.died_ms)},
            {"received_at", utc_text(letter.received_ms())},
            {"tenant_id", tenant ? json::value(*tenant) : json::value(nullptr)},
            {"code", text_or_escaped(letter.code())},
            {"reason", text_or_escaped(letter.reason())},
            {"sqlstate", header_or(letter, schema::sqlstate_header)},
            {"deaths", letter.deaths()},
            {"state", one.mark.state},
            {"kafka_deletes", to_json(expiry_of(letter.died_ms, retention))}};
}

struct summary {
    std::map<std::string, std::map<std::string, std::int64_t>> by_code;  // then by state
    std::int64_t letters = 0;

    void add(const known_letter& one) {
        ++by_code[printable(one.letter.code())][one.mark.state];
        ++letters;
    }
    [[nodiscard]] json::array data() const {
        json::array list;
        for (const auto& [code, states] : by_code) {
            json::object row{{"code", code}};
            for (const char* state : {"open", "replayed", "dropped", "erased"})
                row[state] = states.contains(state) ? states.at(state) : 0;
            list.push_back(std::move(row));
        }
        return list;
    }
    [[nodiscard]] std::string text() const {
        text_table table({"REASON", "OPEN", "REPLAYED", "DROPPED", "ERASED"});
        for (const auto& [code, states] : by_code) {
            std::vector<std::string> row{code};
            for (const char* state : {"open", "replayed", "dropped", "erased"})
                row.push_back(std::to_string(states.contains(state) ? states.at(state) : 0));
            table.add(std::move(row));
        }
        return table.text();
    }
};

void add_row(text_table& table, const known_letter& one, const kafka_retention& retention) {
    const auto& letter = one.letter;
    const auto expiry = expiry_of(letter.died_ms, retention);
    table.add({to_string(letter.at), utc_text(letter.died_ms), letter.tenant().value_or("none"),
               printable(letter.code()), printable(header_or(letter, schema::sqlstate_header)),
               std::to_string(letter.deaths()), one.mark.state,
               expiry.earliest_ms < 0 ? "for ever" : utc_text(expiry.earliest_ms)});
}

std::string paragraph(const known_letter& one, const kafka_retention& retention) {
    const auto& letter = one.letter;
    auto text = fmt::format(
        "letter {}: {}\n  died {} for the {}. time, received {}\n  tenant {}, key {}\n"
        "  Kafka keeps this copy: {}\n",
        to_string(letter.at), printable(letter.reason()), utc_text(letter.died_ms), letter.deaths(),
        utc_text(letter.received_ms()), letter.tenant().value_or("none"),
        letter.key ? printable(*letter.key) : "none",
        to_text(expiry_of(letter.died_ms, retention)));
    text += one.mark.state == "open"
                ? "  open\n"
                : fmt::format("  {} {} by {}{}\n", one.mark.state, one.mark.at, one.mark.by,
                              one.mark.note.empty() ? "" : ": " + printable(one.mark.note));
    for (const auto& line : letter.history())
        text += "  before: " + printable(line) + "\n";
    for (const auto& [name, value] : letter.headers) {
        if (name != schema::history_header)
            text += fmt::format("  {}: {}\n", printable(name), printable(value));
    }
    return text + "  " + (letter.value ? printable(*letter.value) : "no value") + "\n";
}

json::object whole(const known_letter& one, const kafka_retention& retention) {
    auto data = facts_of(one, retention);
    json::object headers;
    for (const auto& [name, value] : one.letter.headers)
        headers[printable(name)] = text_or_escaped(value);
    data["key"] = text_or_escaped(one.letter.key);
    data["value"] = text_or_escaped(one.letter.value);
    data["headers"] = std::move(headers);
    data["history"] = json::value_from(one.letter.history());
    data["marked_at"] = one.mark.at;
    data["marked_by"] = one.mark.by;
    data["note"] = one.mark.note;
    return data;
}

}  // namespace

base::result<report> list_dead(const settings& from, const dead_wish& wish, std::int64_t most) {
    auto pages = dead_pages::open(from, wish);
    if (!pages) return pages.error();
    summary sum;
    text_table table({"LETTER", "DIED", "TENANT", "REASON", "STATE OF SQL", "DEATHS", "STATE",
                      "KAFKA KEEPS IT UNTIL"});
    json::array letters;
    const auto done = pages->each([&](std::span<const known_letter> page) -> base::result<> {
        for (const auto& one : page) {
            sum.add(one);
            if (sum.letters > most) continue;
            add_row(table, one, pages->retention());
            letters.push_back(facts_of(one, pages->retention()));
        }
        return {};
    });
    if (!done) return done.error();
    report said;
    said.data = {{"count", sum.letters}, {"reasons", sum.data()}, {"letters", std::move(letters)}};
    if (sum.letters == 0) {
        said.text = "No dead letters.\n";
        return said;
    }
    said.text = sum.text() + "\n" + table.text();
    if (sum.letters > most) {
        said.text += fmt::format("\n{} more: raise --limit, or name fewer (--reason, --tenant).\n",
                                 sum.letters - most);
    }
    return said;
}

base::result<report> show_dead(const settings& from, const dead_wish& wish) {
    auto pages = dead_pages::open(from, wish);
    if (!pages) return pages.error();
    report said;
    json::array letters;
    const auto done = pages->each([&](std::span<const known_letter> page) -> base::result<> {
        for (const auto& one : page) {
            letters.push_back(whole(one, pages->retention()));
            said.text += paragraph(one, pages->retention());
        }
        return {};
    });
    if (!done) return done.error();
    if (letters.size() < wish.letters.size()) {
        return base::failure(
            base::errc::not_found,
            fmt::format("{} of the {} letters are not there", wish.letters.size() - letters.size(),
                        wish.letters.size()));
    }
    said.data = {{"letters", std::move(letters)}};
    return said;
}

}  // namespace nd::ops
