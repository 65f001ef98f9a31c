#include "bench/writer_group.hpp"

#include "bench/scrape.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <thread>

namespace nd::bench {
namespace {

constexpr std::chrono::seconds longest_join{30};
constexpr std::chrono::seconds longest_count{10};

}  // namespace

writer_group::writer_group(bed& on, int writers, int partitions) {
    for (int i = 1; i <= writers; ++i)
        all_.push_back(on.start_writer(i));
    await_partitions(partitions);
}

writer_group::~writer_group() {
    go();
}

// Joining a group takes seconds; what is sent meanwhile would count as stale, and what is read as
// the work of fewer writers than there are.
void writer_group::await_partitions(int partitions) {
    const auto end = std::chrono::steady_clock::now() + longest_join;
    const auto least = partitions / static_cast<int>(all_.size());
    for (;;) {
        must_live();
        double sum = 0;
        bool fair = true;
        for (const auto& one : all_) {
            const auto page = scrape(one->number_in_log("port="));
            const auto assigned = sample_of(page, "nd_writer_assigned_partitions");
            sum += assigned;
            fair = fair && assigned >= least;
        }
        if (sum == partitions && fair) return;
        if (std::chrono::steady_clock::now() > end)
            throw bench_error(exit_unreachable,
                              fmt::format("{} nd-writer have {} of the {} partitions of "
                                          "nd.events.v1 after {} s: see their logs",
                                          all_.size(), sum, partitions, longest_join.count()));
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

void writer_group::hold() {
    held_ = true;
    for (const auto& one : all_)
        ::kill(one->pid(), SIGSTOP);
}

void writer_group::go() {
    if (!std::exchange(held_, false)) return;
    for (const auto& one : all_)
        ::kill(one->pid(), SIGCONT);
}

void writer_group::add_to(meter& watched) const {
    for (const auto& one : all_)
        watched.add("nd-writer", one->pid());
}

void writer_group::must_live() {
    for (const auto& one : all_)
        one->must_live();
}

writer_group::batches writer_group::seen() {
    double count = 0;
    batches made;
    for (const auto& one : all_) {
        const auto page = scrape(one->number_in_log("port="));
        count += sample_of(page, "nd_writer_batches_total");
        made.rows += sample_of(page, "nd_writer_rows_total");
        made.records += sample_of(page, "nd_writer_batch_records_sum");
        made.tenants += sample_of(page, "nd_writer_batch_tenants_sum");
    }
    made.records /= std::max(1.0, count);
    made.tenants /= std::max(1.0, count);
    return made;
}

writer_group::batches writer_group::seen_when(std::uint64_t rows) {
    const auto end = std::chrono::steady_clock::now() + longest_count;
    auto made = seen();
    while (made.rows < static_cast<double>(rows) && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        made = seen();
    }
    return made;
}

}  // namespace nd::bench
