#include "ops/copy_expiry.hpp"

#include <charconv>
#include <string>

namespace nd::ops {
namespace {

std::optional<std::int64_t> milliseconds_of(const base::topic_facts& topic, const char* name) {
    const auto found = topic.config.find(name);
    if (found == topic.config.end()) return std::nullopt;
    const auto& text = found->second;
    std::int64_t value = 0;
    const auto [stop, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || stop != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

// Beyond this, and for a sum that would not fit, it is never.
constexpr std::int64_t longest_ms = 100ll * 366 * 24 * 3600 * 1000;

}  // namespace

// A segment goes as a whole, when its newest record is past the retention; it takes records for at
// most segment.ms after our one.
std::optional<schema::instant> copy_expiry(const base::topic_facts& topic,
                                           schema::instant received) {
    const auto retention = milliseconds_of(topic, "retention.ms");
    const auto segment = milliseconds_of(topic, "segment.ms");
    if (!retention || !segment || *retention > longest_ms || *segment > longest_ms)
        return std::nullopt;
    return schema::instant{received.us + (*retention + *segment) * 1000};
}

}  // namespace nd::ops
