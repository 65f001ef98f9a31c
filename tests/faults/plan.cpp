#include "tests/faults/plan.hpp"

#include <algorithm>

namespace nd::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds shortest_rest = 300ms;
constexpr std::chrono::milliseconds longest_rest = 2500ms;

// FNV-1a: the same on every machine, unlike std::hash.
std::uint64_t mixed(const std::string& name, std::uint64_t seed) {
    std::uint64_t hash = 0xcbf29ce484222325ULL ^ seed;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

}  // namespace

std::vector<lane_cards> all_lanes() {
    return {
        {"processes",
         {{"kill", "ingest", 0ms, 2s},
          {"kill", "writer", 0ms, 4s},
          {"kill", "broker", 0ms, 4s},
          {"kill", "postgres", 0ms, 3s},
          {"pause", "ingest", 500ms, 5s},
          // Longer than the group's session timeout (10 s) at times: a zombie.
          {"pause", "writer", 500ms, 14s},
          {"pause", "broker", 500ms, 8s},
          {"pause", "postgres", 500ms, 8s},
          {"restart", "ingest", 0ms, 1s},
          {"restart", "writer", 0ms, 3s},
          {"restart", "broker", 0ms, 2s},
          {"restart", "postgres", 0ms, 2s},
          {"disk full", "broker", 2s, 6s},
          {"rebalance", "writer", 2s, 6s}}},
        {"links",
         {{"cut", "client-ingest", 200ms, 3s},
          {"cut", "ingest-broker", 500ms, 8s},
          {"cut", "ingest-postgres", 500ms, 8s},
          {"cut", "writer-broker", 500ms, 12s},
          {"cut", "writer-postgres", 500ms, 8s},
          {"slow", "client-ingest", 1s, 5s},
          {"slow", "ingest-broker", 2s, 8s},
          {"slow", "ingest-postgres", 2s, 8s},
          {"slow", "writer-broker", 2s, 8s},
          {"slow", "writer-postgres", 2s, 8s},
          {"jump", "load", 3s, 8s}}},
        {"database",
         {{"kill in a CALL", "writer", 0ms, 1s},
          {"kill in a CALL", "postgres", 0ms, 1s},
          {"kill in a CALL", "connection", 0ms, 1s},
          {"disk full", "postgres", 2s, 8s},
          {"read only", "postgres", 2s, 8s},
          {"dropped grant", "postgres", 2s, 8s},
          {"restored copy", "postgres", 3s, 8s}}},
    };
}

std::vector<lane_cards> short_lanes() {
    return {
        {"processes",
         {{"kill", "broker", 0ms, 2s},
          {"kill", "postgres", 0ms, 2s},
          {"kill", "ingest", 0ms, 1s},
          {"pause", "writer", 500ms, 2s}}},
        {"links", {{"cut", "writer-postgres", 500ms, 2s}, {"cut", "ingest-broker", 500ms, 2s}}},
        {"database", {{"kill in a CALL", "writer", 0ms, 1s}}},
    };
}

deck::deck(const lane_cards& of, std::uint64_t seed)
    : cards_(of.cards), at_(cards_.size()), random_(mixed(of.name, seed)) {}

// Not std::uniform_int_distribution and not std::shuffle: theirs differ between standard libraries.
std::chrono::milliseconds deck::between(std::chrono::milliseconds shortest,
                                        std::chrono::milliseconds longest) {
    const auto width = static_cast<std::uint64_t>((longest - shortest).count()) + 1;
    return shortest + std::chrono::milliseconds(static_cast<std::int64_t>(random_() % width));
}

fault deck::next() {
    if (at_ == cards_.size()) {
        for (std::size_t left = cards_.size(); left > 1; --left)
            std::swap(cards_[left - 1], cards_[random_() % left]);
        at_ = 0;
    }
    const auto& drawn = cards_[at_++];
    fault out{drawn.kind, drawn.target, between(drawn.shortest, drawn.longest), {}, random_()};
    out.rest = between(shortest_rest, longest_rest);
    return out;
}

}  // namespace nd::tests
