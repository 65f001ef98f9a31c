// Which fault comes when, from the seed alone: pure. Three lanes run side by side (processes,
// links and load, the database), each an endless deck of cards: every kind and target once, in a
// random order, then again. So after any time each of them came about as often as every other.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace nd::tests {

struct fault {
    std::string kind;                  // "kill"
    std::string target;                // "writer"
    std::chrono::milliseconds hold{};  // until it is healed
    std::chrono::milliseconds rest{};  // after that
    std::uint64_t choice = 0;          // for what else is left to chance: which writer, how
};

struct card {
    std::string kind;
    std::string target;
    std::chrono::milliseconds shortest{};
    std::chrono::milliseconds longest{};
};

// The cards of each lane, in the order in which the summary lists them.
struct lane_cards {
    std::string name;
    std::vector<card> cards;
};
[[nodiscard]] std::vector<lane_cards> all_lanes();
// What the short run must have, and little else.
[[nodiscard]] std::vector<lane_cards> short_lanes();

class deck {
  public:
    // Error-free: `of` must have a card. Decks of one seed and of other lanes are independent.
    deck(const lane_cards& of, std::uint64_t seed);
    [[nodiscard]] fault next();

  private:
    [[nodiscard]] std::chrono::milliseconds between(std::chrono::milliseconds shortest,
                                                    std::chrono::milliseconds longest);
    std::vector<card> cards_;
    std::size_t at_ = 0;
    std::mt19937_64 random_;
};

}  // namespace nd::tests
