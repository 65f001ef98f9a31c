#include "tests/faults/campaign.hpp"

#include "tests/faults/checks.hpp"
#include "tests/faults/proof.hpp"
#include "tests/support/stack.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <future>

namespace nd::tests {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

// A parked writer tries again after 30 s, and a rebalance may come before that.
constexpr auto longest_calm = 180s;

class campaign {
  public:
    explicit campaign(const campaign_options& options)
        : options_(options),
          told_(prepared(options.system.folder) + "/timeline.log", options.aloud),
          owed_(options.seed),
          world_(options.system, told_),
          clients_(world_.url(), owed_, options.seed),
          scene_{world_, clients_, told_, {}, {}, {}} {
        for (const auto& lane : options_.lanes)
            decks_.emplace_back(lane, options_.seed);
        found_.seed = options_.seed;
        found_.brokers = options_.system.brokers;
        found_.writers = options_.system.writers;
        if (!world_.has_small_disks()) found_.skipped.push_back("disk full: no tmpfs");
    }

    summary run() {
        const auto began = clock::now();
        const auto end = began + options_.longest;
        const auto last = end + options_.longest;
        const auto goes_on = [&] {
            if (!found_.passed() || (options_.one_deck && found_.rounds > 0)) return false;
            return clock::now() < end || (clock::now() < last && !few().empty());
        };
        while (goes_on()) {
            const auto until = clock::now() < end ? end : last;
            guarded([&] { round(std::min(until, clock::now() + options_.round)); });
        }
        clients_.stop();
        if (found_.passed()) guarded([&] { settle(owed_.tenants(), "at the end"); });
        if (found_.passed()) guarded([&] { prove(); });
        if (found_.passed() && !few().empty())
            problem(fmt::format("too few faults for so long a run: {}", fmt::join(few(), ", ")));
        const std::chrono::duration<double, std::ratio<60>> took = clock::now() - began;
        found_.minutes = took.count();
        found_.caught = scene_.caught;
        found_.sent = owed_.sent();
        found_.accepted = owed_.accepted();
        found_.answers = clients_.answers();
        found_.exits = world_.exits();
        if (!found_.passed()) found_.timeline = told_.since_round();
        return found_;
    }

  private:
    static std::string prepared(const std::string& folder) {
        output_of(fmt::format("mkdir -p '{}'", folder));
        return folder;
    }

    void problem(const std::string& what) {
        const std::scoped_lock lock(mutex_);
        told_.add("FOUND " + what);
        found_.problems.push_back(what);
    }

    [[nodiscard]] std::vector<std::string> few() const {
        return too_few(found_, options_.lanes, options_.least);
    }

    template <class F>
    void guarded(F part) {
        try {
            part();
        } catch (const std::exception& e) {
            problem(fmt::format("the campaign itself failed: {}", e.what()));
        }
    }

    void round(clock::time_point until) {
        scene_.tenants = world_.make_tenants(options_.tenants);
        std::vector<std::string> names;
        for (const auto& one : scene_.tenants) {
            owed_.add_tenant(one.tenant);
            names.push_back(one.tenant);
        }
        told_.begin_round();
        told_.add(fmt::format("round {}", ++found_.rounds));
        clients_.start(scene_.tenants);
        std::vector<std::future<void>> lanes;
        for (std::size_t i = 0; i < decks_.size(); ++i)
            lanes.push_back(std::async(std::launch::async, [this, i, until] { deal(i, until); }));
        for (auto& one : lanes)
            one.wait();
        told_.add("calm");
        std::this_thread::sleep_for(2s);  // some load without a fault
        clients_.stop();
        settle(names, fmt::format("after round {}", found_.rounds));
    }

    // One lane: a fault, a rest, the next.
    void deal(std::size_t lane, clock::time_point until) {
        auto left = options_.one_deck ? options_.lanes[lane].cards.size() : ~std::size_t{0};
        guarded([&] {
            while (clock::now() < until && left > 0 && !world_.problem()) {
                const auto drawn = decks_[lane].next();
                --left;
                std::this_thread::sleep_for(drawn.rest);
                const bool came = inflict(scene_, drawn);
                const std::scoped_lock lock(mutex_);
                if (came) ++found_.faults[drawn.kind][drawn.target];
            }
        });
    }

    void settle(const std::vector<std::string>& tenants, const std::string& when) {
        if (const auto failed = world_.problem()) problem("the supervisor failed: " + *failed);
        if (!eventually(longest_calm, [this] { return world_.all_ready(); }))
            problem("not every program is ready " + when);
        if (!fresh_event_flows()) problem("a fresh event is not accepted " + when);
        found_.rows = wait_for_rows(scene_, owed_, tenants, longest_calm);
        const auto& r = found_.rows;
        told_.add(
            fmt::format("{}: {} accepted, {} rows, missing {}, duplicate {}, spurious {}, "
                        "cross-tenant {}, different {}",
                        when, owed_.accepted(), r.rows, r.missing, r.duplicate, r.spurious,
                        r.cross_tenant, r.different));
        if (!r.good()) problem("rows are wrong " + when);
        for (const auto& line : r.details)
            problem(line);
        for (const auto& one : calm_checks()) {
            if (const auto wrong = one.wrong(scene_, owed_))
                problem(fmt::format("{} {}: {}", one.name, when, *wrong));
        }
    }

    // For whoever reads the summary, since the system is gone then. The replay is judged here only:
    // it reads everything that was ever sent.
    void prove() {
        for (const auto& one : {audit_proof(scene_, owed_.accepted()), replay_proof(scene_)}) {
            told_.add(one.text);
            found_.proofs.push_back(one.text);
            if (one.wrong) problem(*one.wrong);
        }
    }

    // One of a tenant of this round; it is then owed like every other.
    bool fresh_event_flows() {
        const auto& as = scene_.tenants.front();
        const auto number = owed_.take(as.tenant, 1);
        http_client client(world_.url(), 12s);
        return eventually(60s, [&] {
            const auto answer =
                client.post("/v1/events", body_of({owed_.event(as.tenant, number)}),
                            {{"X-ND-Key", as.key}, {"Content-Type", "application/json"}});
            if (answer.status != 202) return false;
            owed_.told(as.tenant, number, 1, fate::accepted);
            return true;
        });
    }

    const campaign_options options_;
    timeline told_;
    ledger owed_;
    world world_;
    load clients_;
    scene scene_;
    std::vector<deck> decks_;
    std::mutex mutex_;  // of found_, while lanes run
    summary found_;
};

}  // namespace

summary run_campaign(const campaign_options& options) {
    return campaign(options).run();
}

}  // namespace nd::tests
