#include "ops/dead_wish.hpp"

#include "schema/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nd::ops {
namespace {

base::error wrong(std::string detail) {
    return base::failure(base::errc::invalid, std::move(detail));
}

base::result<std::vector<partition_offset>> letters_of(const std::vector<std::string>& words) {
    std::vector<partition_offset> all;
    for (const auto& word : words) {
        const auto one = parse_partition_offset(word);
        if (!one) {
            return wrong(fmt::format(
                "\"{}\" is no letter: write PARTITION:OFFSET as ndctl dead list shows it", word));
        }
        if (std::ranges::find(all, *one) == all.end()) all.push_back(*one);
    }
    return all;
}

// Exactly these records, so that nothing else is read: from the first to behind the last of each
// partition.
range_wish around(const std::vector<partition_offset>& letters) {
    range_wish range;
    for (const auto& one : letters) {
        const auto from =
            std::ranges::find(range.from_offsets, one.partition, &partition_offset::partition);
        if (from == range.from_offsets.end()) {
            range.from_offsets.push_back(one);
            range.to_offsets.push_back({one.partition, one.offset + 1});
            continue;
        }
        auto& to = range.to_offsets[static_cast<std::size_t>(from - range.from_offsets.begin())];
        from->offset = std::min(from->offset, one.offset);
        to.offset = std::max(to.offset, one.offset + 1);
    }
    return range;
}

}  // namespace

bool dead_wish::takes(const dead_letter& letter) const {
    if (!tenant.empty() && letter.tenant().value_or("none") != tenant) return false;
    if (!reason.empty() && letter.code() != reason) return false;
    return letters.empty() || std::ranges::find(letters, letter.at) != letters.end();
}

bool dead_wish::takes(const dead_mark& mark) const {
    return state == "all" || mark.state == state;
}

base::result<dead_wish> parse_wish(const dead_words& words, schema::instant now) {
    static constexpr std::array<std::string_view, 5> states{"open", "dropped", "replayed", "erased",
                                                            "all"};
    if (std::ranges::find(states, words.state) == states.end()) {
        return wrong(fmt::format("--state {}: there are open, dropped, replayed, erased and all",
                                 words.state));
    }
    dead_wish wish{words.tenant, words.reason, words.state, {}, {}};
    if (!words.tenant.empty() && words.tenant != "none") {
        const auto parsed = schema::parse_tenant_id(words.tenant);
        if (!parsed) {
            return wrong(
                fmt::format("--tenant {}: give a tenant's UUID, or none for records whose "
                            "key names no tenant",
                            words.tenant));
        }
        wish.tenant = schema::to_string(*parsed);
    }
    auto letters = letters_of(words.letters);
    if (!letters) return letters.error();
    wish.letters = std::move(*letters);
    auto range = parse_range(words.range, now);
    if (!range) return range.error();
    const auto& asked = words.range;
    const bool ranged = !asked.from.empty() || !asked.to.empty() || !asked.from_offset.empty() ||
                        !asked.to_offset.empty();
    if (ranged && !wish.letters.empty()) return wrong("name letters or a range, not both");
    wish.range = wish.letters.empty() ? std::move(*range) : around(wish.letters);
    return wish;
}

}  // namespace nd::ops
