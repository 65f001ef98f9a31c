#include "bench/freshness.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace nd::bench {
namespace {

constexpr std::chrono::milliseconds ask_every{10};
constexpr std::size_t most_asked = 500;  // in one query; the oldest first

}  // namespace

freshness::freshness(bed& on, std::uint64_t every)
    : watch_(on), every_(every), asking_([this] { ask_repeatedly(); }) {}

freshness::~freshness() {
    if (asking_.joinable()) finish(std::chrono::seconds(0));
}

void freshness::acknowledged(const load::answer& of, const fresh_ids& ids,
                             std::span<const std::string> tenants) {
    if (of.status != 202 || answered_++ % every_ != 0) return;
    std::array<char, id_length> id{};
    ids.write(of.first_event, id);
    const std::lock_guard held(lock_);
    new_.push_back({{tenants[of.key], of.occurred_us, std::string(id.data(), id.size())}, of.due});
}

void freshness::finish(std::chrono::seconds longest) {
    give_up_ = load::clock::now() + longest;
    ending_ = true;
    asking_.join();
}

void freshness::ask_repeatedly() {
    while (true) {
        const bool ending = ending_;
        {
            const std::lock_guard held(lock_);
            std::move(new_.begin(), new_.end(), std::back_inserter(followed_));
            new_.clear();
        }
        if (!followed_.empty()) ask();
        if (ending && (followed_.empty() || load::clock::now() > give_up_)) return;
        std::this_thread::sleep_for(ask_every);
    }
}

void freshness::ask() {
    std::vector<store_watch::sample> asked;
    for (std::size_t i = 0; i < std::min(followed_.size(), most_asked); ++i)
        asked.push_back(followed_[i].what);
    const auto found = watch_.there(asked);
    const auto now = load::clock::now();
    const std::unordered_set<std::string> there(found.begin(), found.end());
    std::erase_if(followed_, [&](const followed& one) {
        if (!there.contains(one.what.id)) return false;
        seen_.add(now - one.due);
        return true;
    });
}

}  // namespace nd::bench
