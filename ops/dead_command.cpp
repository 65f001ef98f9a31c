// ndctl dead: list, show, replay and drop of what could not be stored (nd.dead.v1). The commands
// themselves are in dead_list and dead_settle; here is how they are said.
#include "ops/command_line.hpp"
#include "ops/dead_list.hpp"
#include "ops/dead_settle.hpp"
#include "ops/range_options.hpp"
#include "ops/wall_clock.hpp"

#include <memory>

namespace nd::ops {
namespace {

struct dead_options {
    dead_words words;
    settle_options settle;
    std::int64_t most = 50;
};

void add_selection(command& to, dead_words& words) {
    to.text(words.tenant, "--tenant", "only this tenant's; none: whose key names no tenant");
    to.text(words.reason, "--reason", "only those with this reason, as list shows it: postgres_22");
    to.texts(words.letters, "--letter", "only these letters, PARTITION:OFFSET as list shows them");
    add_range(to, words.range);
}

base::result<report> run_list(const settings& from, const dead_options& options) {
    const auto wish = parse_wish(options.words, wall_clock());
    if (!wish) return wish.error();
    return list_dead(from, *wish, options.most);
}

base::result<report> run_show(const settings& from, const dead_options& options) {
    const auto wish = parse_wish(options.words, wall_clock());
    if (!wish) return wish.error();
    return show_dead(from, *wish);
}

base::result<report> run_replay(const settings& from, const dead_options& options) {
    const auto wish = parse_wish(options.words, wall_clock());
    if (!wish) return wish.error();
    if (wish->state != "open" && wish->state != "dropped") {
        return base::failure(base::errc::invalid,
                             "--state: only open and dropped letters can be replayed");
    }
    return replay_dead(from, *wish, options.settle);
}

base::result<report> run_drop(const settings& from, const dead_options& options) {
    const auto wish = parse_wish(options.words, wall_clock());
    if (!wish) return wish.error();
    const auto& range = wish->range;
    const bool named = !wish->tenant.empty() || !wish->reason.empty() || range.from || range.to ||
                       !range.from_offsets.empty() || !range.to_offsets.empty();
    if (!named) {
        return base::failure(base::errc::invalid,
                             "say which letters to drop: --reason, --tenant, --letter or a range");
    }
    return drop_dead(from, *wish, options.settle);
}

}  // namespace

void add_dead(command_line& line) {
    line.group("dead", "what could not be stored (nd.dead.v1): list, show, replay, drop");
    const auto add = [&line](const char* words, const char* summary, auto run) {
        const auto options = std::make_shared<dead_options>();
        options->words.state = "open";
        auto made =
            line.add(words, summary, [=](const settings& from) { return run(from, *options); });
        return std::pair(made, options);
    };
    auto [list, listed] = add("dead list", "what died, by reason and one by one", run_list);
    add_selection(list, listed->words);
    list.text(listed->words.state, "--state", "open, replayed, dropped, erased or all [open]");
    list.number(listed->most, 0, 100'000, "--limit", "letters to show one by one [50]");

    auto [show, shown] = add("dead show", "letters whole: headers, history and value", run_show);
    shown->words.state = "all";
    show.texts(shown->words.letters, "letter", "PARTITION:OFFSET, as list shows it", needed::yes);

    auto [replay, replayed] =
        add("dead replay", "publish letters to where they came from again, once the cause is fixed",
            run_replay);
    add_selection(replay, replayed->words);
    replay.text(replayed->words.state, "--state", "open, or dropped to take back a drop [open]");
    replay.number(replayed->settle.most_deaths, 1, 1'000'000, "--most-deaths",
                  "leave those that have died so often [5]");
    replay.text(replayed->settle.note, "--note", "why, for whoever looks later");
    replay.flag(replayed->settle.dry_run, "--dry-run", "only say what would be replayed");

    auto [drop, dropped] = add("dead drop", "give letters up for good", run_drop);
    add_selection(drop, dropped->words);
    drop.text(dropped->settle.note, "--note", "why, for whoever looks later");
    drop.flag(dropped->settle.dry_run, "--dry-run", "only say what would be dropped");
}

}  // namespace nd::ops
