// What a scenario works with: the options, the recorded events, the keys, the processes to watch
// and the report to fill. main makes one.
#pragma once

#include "base/config.hpp"
#include "bench/child.hpp"
#include "bench/measured_load.hpp"
#include "bench/options.hpp"
#include "bench/progress.hpp"
#include "bench/report.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nd::bench {

class bed {
  public:
    // Reads the recording and the keys, makes tenants when no keys are given. Throws bench_error.
    bed(const options& with, report& into);

    const options& with;
    report& into;
    progress show;
    std::vector<event_template> events;
    std::vector<std::string> keys;
    std::vector<std::string> tenants;  // of the keys, in the same order

    // nd-ingest with the scenario's settings, or the server behind --url. It is ready and takes the
    // first key. Throws bench_error with what to do.
    struct server {
        boost::asio::ip::tcp::endpoint at;
        std::string host;
        pid_t pid = 0;  // 0: somebody else's, not counted
        std::unique_ptr<child> own;
    };
    // `number`: of its log, where there are several.
    [[nodiscard]] server start_ingest(const child::variables& more = {}, int number = 1);
    [[nodiscard]] std::unique_ptr<child> start_writer(int number = 1,
                                                      const child::variables& more = {});

    // The options' load on that server.
    [[nodiscard]] load_plan plan_for(const boost::asio::ip::tcp::endpoint& at,
                                     const std::string& host, int events_per_request);
    // Runs it, counting what `watched` uses meanwhile.
    [[nodiscard]] measured_load run(const load_plan& plan, const meter& watched) {
        return run_loads(std::span(&plan, 1), watched, show);
    }
    // A meter of the broker and Postgres, as far as they are known.
    // `except`: backends of the bench itself.
    [[nodiscard]] meter common_meter(const std::vector<pid_t>& except = {}) const;
    [[nodiscard]] bool tls() const { return !with.certificate.empty(); }
    // Says in the report what went wrong in a load, if anything did.
    void judge(const std::string& what, const load_outcome& outcome);

  private:
    void read_keys(const std::string& path);
    void make_tenants();
    void preflight(const server& at);

    boost::asio::ssl::context trusting_;
};

}  // namespace nd::bench
