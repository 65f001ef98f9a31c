#include "tests/faults/load.hpp"

#include <boost/json/parse.hpp>

#include <deque>
#include <random>

namespace nd::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t senders = 6;
// A little more than nd-ingest waits for Kafka.
constexpr auto patience = 12s;
constexpr int most_tries = 6;

fate fate_of(int status) {
    if (status == 202) return fate::accepted;
    return status == 0 || status >= 500 ? fate::uncertain : fate::refused;
}

}  // namespace

load::load(const std::string& url, ledger& into, std::uint64_t seed)
    : url_(url), ledger_(into), seed_(seed) {}

void load::start(const std::vector<tenant_key>& tenants) {
    tenants_ = tenants;
    stopping_ = false;
    for (std::size_t i = 0; i < senders; ++i)
        threads_.emplace_back([this, seed = seed_ * 1000 + ++starts_] { work(seed); });
}

void load::stop() {
    stopping_ = true;
    for (auto& one : threads_)
        one.join();
    threads_.clear();
}

std::map<int, std::size_t> load::answers() const {
    const std::scoped_lock lock(mutex_);
    return answers_;
}

int load::send(http_client& client, const batch& what) {
    const auto& as = tenants_[what.tenant];
    std::vector<sent_event> events;
    for (std::size_t i = 0; i < what.count; ++i)
        events.push_back(ledger_.event(as.tenant, what.first + i));
    const auto answer = client.post("/v1/events", body_of(events),
                                    {{"X-ND-Key", as.key}, {"Content-Type", "application/json"}});
    ledger_.told(as.tenant, what.first, what.count, fate_of(answer.status));
    const bool whole =
        answer.status != 202 || boost::json::parse(answer.body).at("rejected").as_array().empty();
    const std::scoped_lock lock(mutex_);
    ++answers_[whole ? answer.status : -1];  // every event of ours is good
    return answer.status;
}

void load::work(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto chance = [&random](unsigned percent) { return random() % 100 < percent; };
    http_client client(url_, patience);
    std::deque<batch> again;
    auto next = std::chrono::steady_clock::now();
    while (!stopping_) {
        const auto now = std::chrono::steady_clock::now();
        if (rate_ <= 0 || now < next) {
            std::this_thread::sleep_for(5ms);
            continue;
        }
        // Mostly regular, and no burst to make up for a wait: a jump in load is a fault of its own.
        const std::chrono::duration<double> gap(static_cast<double>(senders) / rate_ *
                                                (0.5 + static_cast<double>(random() % 100) / 100));
        next = now + std::chrono::duration_cast<std::chrono::steady_clock::duration>(gap);
        batch one;
        if (!again.empty() && chance(60)) {
            one = again.front();
            again.pop_front();
        } else {
            one.tenant = random() % tenants_.size();
            one.count = chance(4) ? 200 + random() % 200 : 1 + random() % 30;
            one.first = ledger_.take(tenants_[one.tenant].tenant, one.count);
        }
        const auto status = send(client, one);
        const bool failed = status == 0 || status >= 500;
        if (++one.tries < most_tries && chance(failed ? 75 : 5)) again.push_back(one);
    }
}

}  // namespace nd::tests
