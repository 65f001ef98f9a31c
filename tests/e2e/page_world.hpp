// What the e2e tests of pages share: pages sent to the edge, questions to the database behind
// everybody's back and to the stand-in, and an nd-enricher that a test starts and kills itself.
#pragma once

#include "base/pg.hpp"
#include "tests/e2e/system.hpp"
#include "tests/openai/stub_control.hpp"
#include "tests/support/process.hpp"

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace nd::tests {

// As superuser. Throws when it fails.
base::pg::rows sql(const std::string& script);
[[nodiscard]] std::int64_t count(const std::string& query);  // of one number

[[nodiscard]] stub_control& stub();

// A word for each number, which the redactor takes for one: pages with other names are others.
[[nodiscard]] std::string word(int number);
[[nodiscard]] std::string page_body(const std::string& page, int session,
                                    const std::string& button);
// 6,000 a minute for pages and for reading: the limit of 10 would hold a test up.
void raise_page_limits(const tenant_key& of);
// One 202. Throws after 20 s without.
void send_page(http_client& client, const tenant_key& as, const std::string& body);

// nd-enricher with the system's settings and some of its own; the system's is stopped meanwhile.
[[nodiscard]] process own_enricher(const std::map<std::string, std::string>& settings);

// How long each of the three phases of a batch takes at the stand-in, which starts again for it.
void set_batch_phase(std::chrono::milliseconds phase);

// Tokens of the ledger and of the stand-in.
struct tokens {
    std::int64_t input = 0;
    std::int64_t output = 0;
    friend bool operator==(const tokens&, const tokens&) = default;
    friend std::ostream& operator<<(std::ostream& to, const tokens& of) {
        return to << of.input << " in, " << of.output << " out";
    }
};
[[nodiscard]] tokens booked(const std::string& state);  // "confirmed", or "all"
[[nodiscard]] tokens worked_on();
// The sums that budgets look at are the ledger's.
void check_spend();

// While it lives, every answer that is applied leaves a trace, so that one applied twice is seen.
class applied_trace {
  public:
    applied_trace();
    ~applied_trace();
    applied_trace(const applied_trace&) = delete;
    [[nodiscard]] std::int64_t twice() const;  // structures
    [[nodiscard]] std::int64_t once(const std::string& tenant) const;
};

// Submitted to the stand-in more than once: the references of such batches.
[[nodiscard]] std::vector<std::string> submitted_twice();

}  // namespace nd::tests
