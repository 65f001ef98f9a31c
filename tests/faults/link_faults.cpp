// cut, slow: the connections between two parts; jump: the load.
#include "tests/faults/scene.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace nd::tests {
namespace {

using namespace std::chrono_literals;

// "writer-broker" of one writer, or of all of them.
std::vector<tcp_proxy::link> links_of(scene& on, const fault& what) {
    if (what.target == "client-ingest") return {on.all.client_link()};
    const auto dash = what.target.find('-');
    const bool to_broker = what.target.substr(dash + 1) == "broker";
    std::vector<program*> ends;
    if (what.target.substr(0, dash) == "ingest") {
        ends.push_back(&on.all.ingest());
    } else {
        const auto which = what.choice % (on.all.writers() + 1);
        for (std::size_t i = 0; i < on.all.writers(); ++i) {
            if (which == i || which == on.all.writers()) ends.push_back(&on.all.writer(i));
        }
    }
    std::vector<tcp_proxy::link> out;
    for (const auto* one : ends) {
        if (to_broker)
            out.insert(out.end(), one->broker_links.begin(), one->broker_links.end());
        else
            out.push_back(one->postgres_link);
    }
    return out;
}

void hold_and_pass(scene& on, const fault& what, std::vector<tcp_proxy::link>& links) {
    std::this_thread::sleep_for(what.hold);
    for (auto& one : links)
        one.pass();
    on.told.add(fmt::format("{} {} is over", what.kind, what.target));
}

}  // namespace

bool cut(scene& on, const fault& what) {
    auto links = links_of(on, what);
    const bool silent = what.choice / 64 % 2 == 0;
    on.told.add(fmt::format("cut {} ({} links, {}) for {} ms", what.target, links.size(),
                            silent ? "silently" : "with a reset", what.hold.count()));
    for (auto& one : links)
        silent ? one.fall_silent() : one.cut();
    hold_and_pass(on, what, links);
    return true;
}

bool slow_down(scene& on, const fault& what) {
    auto links = links_of(on, what);
    const std::chrono::milliseconds delay(5 + what.choice / 64 % 300);
    const std::size_t rate = 20'000 + what.choice / 32768 % 400'000;
    on.told.add(fmt::format("slow {} ({} links, {} ms, {} B/s) for {} ms", what.target,
                            links.size(), delay.count(), rate, what.hold.count()));
    for (auto& one : links)
        one.slow(delay, rate);
    hold_and_pass(on, what, links);
    return true;
}

bool jump(scene& on, const fault& what) {
    const double rate =
        what.choice % 4 == 0 ? 0 : load::usual_rate * static_cast<double>(3 + what.choice / 4 % 8);
    on.told.add(fmt::format("jump to {} requests/s for {} ms", rate, what.hold.count()));
    on.clients.set_requests_per_second(rate);
    std::this_thread::sleep_for(what.hold);
    on.clients.set_requests_per_second(load::usual_rate);
    on.told.add("jump is over");
    return true;
}

bool inflict(scene& on, const fault& what) {
    using deed = bool (*)(scene&, const fault&);
    static const std::map<std::string, deed> deeds{{"kill", kill},
                                                   {"pause", pause},
                                                   {"restart", restart},
                                                   {"rebalance", rebalance},
                                                   {"cut", cut},
                                                   {"slow", slow_down},
                                                   {"jump", jump},
                                                   {"kill in a CALL", kill_in_call},
                                                   {"disk full", fill_disk},
                                                   {"read only", make_read_only},
                                                   {"dropped grant", drop_grant},
                                                   {"restored copy", restore_copy}};
    const auto found = deeds.find(what.kind);
    if (found == deeds.end()) throw std::logic_error("no such fault: " + what.kind);
    return found->second(on, what);
}

}  // namespace nd::tests
