// The clients of a campaign: threads that send batches of several tenants, as an SDK does: what
// got a 503 or lost its connection is mostly sent again, some of it never, and some of what got a
// 202 is sent once more. They write every answer into the ledger.
#pragma once

#include "tests/faults/ledger.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/tenant_key.hpp"

#include <atomic>
#include <map>
#include <thread>

namespace nd::tests {

class load {
  public:
    load(const std::string& url, ledger& into, std::uint64_t seed);
    ~load() { stop(); }
    load(const load&) = delete;

    void start(const std::vector<tenant_key>& tenants);
    void stop();  // returns when every request has its answer or has given up
    void set_requests_per_second(double rate) { rate_ = rate; }
    // By status; 0 is a lost connection or no answer in time.
    [[nodiscard]] std::map<int, std::size_t> answers() const;

    static constexpr double usual_rate = 12;

  private:
    struct batch {
        std::size_t tenant = 0;  // index
        std::size_t first = 0;
        std::size_t count = 0;
        int tries = 0;
    };
    void work(std::uint64_t seed);
    int send(http_client& client, const batch& what);

    const std::string url_;
    ledger& ledger_;
    const std::uint64_t seed_;
    std::vector<tenant_key> tenants_;
    std::atomic<double> rate_ = usual_rate;
    std::atomic<bool> stopping_ = false;
    std::vector<std::thread> threads_;
    mutable std::mutex mutex_;
    std::map<int, std::size_t> answers_;
    std::uint64_t starts_ = 0;
};

}  // namespace nd::tests
