// The least that understanding a page can cost: simdjson's DOM parse, which validates every byte,
// as the edge does. (Its On-Demand parser is fixed at compile time and here, built for every
// x86-64, three times as dear.) The edge's limit for pages, beside a bare producer.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace nd::bench {

class limit_parser {
  public:
    limit_parser();
    ~limit_parser();

    // Room for what simdjson reads over behind a text.
    static void make_room(std::string& text);
    // Parses a text that has that room. Throws std::runtime_error when it is no JSON.
    void parse(const std::string& text);
    // CPU time of all parses, of the calling thread.
    [[nodiscard]] std::chrono::nanoseconds used() const noexcept { return used_; }

  private:
    struct inside;
    std::unique_ptr<inside> inside_;
    std::chrono::nanoseconds used_{0};
};

}  // namespace nd::bench
