// How many cores and how much disk a rate of events needs, from what a run of the scenario scale
// measured. Pure; `nd-bench sizing` prints it, docs/sizing.md holds what it printed.
#pragma once

#include "base/result.hpp"
#include "bench/report.hpp"

#include <string>

namespace nd::bench {

struct sizing_assumptions {
    double utilisation = 60;  // percent of a core that is planned for; the rest is for bursts
    int replication = 3;
    double kafka_days = 7;  // retention of the topic
};

// What one event costs, as measured; 0 where the report lacks it.
struct event_cost {
    double ingest_us = 0;
    double writer_us = 0;
    double postgres_us = 0;   // in the largest table of the report
    double broker_in_us = 0;  // one replica's share of taking it
    double broker_out_us = 0;
    double kafka_bytes = 0;  // one replica's disk
    double row_bytes = 0;    // table, indexes and TOAST
    double wal_bytes = 0;
    std::string table;  // which table size postgres_us and row_bytes are of
};

// errc::invalid names what the report does not have.
[[nodiscard]] base::result<event_cost> cost_of(const report& measured);

// Markdown: what an event costs, then a table of rates. errc::invalid as above.
[[nodiscard]] base::result<std::string> sizing_table(const report& measured,
                                                     const sizing_assumptions& with);

}  // namespace nd::bench
