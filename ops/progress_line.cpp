#include "ops/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace nd::ops {
namespace {

using namespace std::chrono_literals;

constexpr int bar_width = 20;
constexpr auto window = 10s;

std::string duration_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(seconds + 0.5);
    if (whole < 120) return fmt::format("{} s", whole);
    if (whole < 7200) return fmt::format("{} min", whole / 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

std::string with_commas(std::int64_t number) {
    auto text = std::to_string(number);
    const std::size_t least = number < 0 ? 1 : 0;
    for (auto at = std::ssize(text) - 3; at > static_cast<std::int64_t>(least); at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

std::string progress_text(const progress_sight& sight) {
    std::string text;
    if (sight.share >= 0) {
        const auto share = std::min(sight.share, 1.0);
        const auto done = static_cast<std::size_t>(share * bar_width);
        text = fmt::format("[{}{}] {:5.1f} %  ", std::string(done, '#'),
                           std::string(bar_width - done, '-'), 100 * share);
    }
    text += fmt::format("{} {}  {}/s", with_commas(sight.count), sight.noun,
                        with_commas(static_cast<std::int64_t>(sight.per_second)));
    if (sight.left_s >= 0) text += fmt::format("  {} left", duration_text(sight.left_s));
    if (!sight.more.empty()) text += "  " + sight.more;
    return text;
}

progress_line::progress_line(std::string noun)
    : noun_(std::move(noun)), terminal_(::isatty(STDERR_FILENO) == 1), shown_at_(clock::now()) {}

progress_line::~progress_line() {
    if (open_) fmt::print(stderr, "\n");
}

void progress_line::show(double share, std::int64_t count, const std::string& more) {
    const auto now = clock::now();
    points_.push_back({now, share, count});
    while (points_.size() > 2 && now - points_.front().at > window)
        points_.pop_front();
    if (now - shown_at_ < (terminal_ ? 500ms : 10'000ms)) return;
    shown_at_ = now;
    const auto& first = points_.front();
    const std::chrono::duration<double> span = now - first.at;
    progress_sight sight{share, count, 0, -1, noun_, more};
    if (span.count() > 0) {
        sight.per_second = static_cast<double>(count - first.count) / span.count();
        const auto speed = (share - first.share) / span.count();
        if (share >= 0 && speed > 0) sight.left_s = (1 - share) / speed;
    }
    fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", progress_text(sight),
               terminal_ ? "" : "\n");
    open_ = terminal_;
    std::fflush(stderr);
}

}  // namespace nd::ops
