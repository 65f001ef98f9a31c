// Secrets of the kinds that the redactor promises to take out, drawn at random by people's rules
// (country formats, checksums, alphabets, ways of writing), not by the redactor's: it shares no
// code and no pattern with it. Used by the property test and by the fuzz target.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace nd::test {

struct planted {
    std::string text;  // as it is written: UTF-8, without what JSON would have to escape
    std::string core;  // what nobody may see of it
};

class secret_maker {
  public:
    // Of a million tokens of `shortest` characters drawn at random a few look like words; of longer
    // ones none does.
    explicit secret_maker(std::uint32_t seed, std::size_t shortest = 16)
        : random_(seed), shortest_(shortest) {}

    [[nodiscard]] planted make();
    [[nodiscard]] planted email();
    [[nodiscard]] planted phone();
    [[nodiscard]] planted card();
    [[nodiscard]] planted account();
    [[nodiscard]] planted digits();
    [[nodiscard]] planted token();
    [[nodiscard]] planted url();

    // Something as a person at the screen might see it: words with names in them.
    [[nodiscard]] planted content();
    [[nodiscard]] std::size_t below(std::size_t bound) { return random_() % bound; }
    [[nodiscard]] std::string some(std::string_view alphabet, std::size_t count);

  private:
    [[nodiscard]] planted disguised(const std::string& plain);
    [[nodiscard]] const char* one_of(const std::vector<const char*>& list) {
        return list[below(list.size())];
    }
    std::mt19937 random_;
    std::size_t shortest_;
};

// Letters and digits of a text, in lower case, with wide forms as what they look like: what is left
// when somebody reads it past every disguise.
[[nodiscard]] std::string bare(std::string_view text);

// Whether six characters in a row of the secret, bared, are in the bared text.
[[nodiscard]] bool shows(std::string_view text, std::string_view secret);

}  // namespace nd::test
