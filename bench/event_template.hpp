// A recorded event with places for a fresh identity and time: what the load is made of. Recording
// says where they come from; request_maker fills them in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nd::bench {

inline constexpr std::size_t id_length = 36;
inline constexpr std::size_t time_length = 27;  // 2026-11-25T09:30:19.123456Z

class event_template {
  public:
    // nullopt unless `line` is an object with both members as plain strings.
    [[nodiscard]] static std::optional<event_template> from(std::string_view line);

    // `id` and `time` have the lengths above.
    void append(std::string& to, std::string_view id, std::string_view time) const;
    [[nodiscard]] std::size_t size() const { return text_.size(); }

  private:
    event_template(std::string text, std::size_t id_at, std::size_t time_at)
        : text_(std::move(text)), id_at_(id_at), time_at_(time_at) {}

    std::string text_;
    std::size_t id_at_;
    std::size_t time_at_;
};

// Identities that nobody has used: a random half for the run, and for the event its number,
// scattered like a random one, so that event `n` can be recognised when it is a row.
class fresh_ids {
  public:
    explicit fresh_ids(std::uint64_t run) : run_(run) {}
    [[nodiscard]] std::uint64_t next() { return next_++; }
    void write(std::uint64_t n, std::span<char, id_length> out) const;
    // The number behind an id of this run, given as 36 characters.
    [[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view id) const;

  private:
    std::uint64_t run_;
    std::uint64_t next_ = 0;
};

}  // namespace nd::bench
