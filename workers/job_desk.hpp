// The jobs of nd.page_jobs and the ledger, for whoever asks the model: what is due is taken as a
// call (jobs, request, money booked, in one transaction), and each call's end is written in one
// transaction too, so that a crash loses nothing and applies nothing twice. Edge code, one
// connection, one thread. It never retries.
#pragma once

#include "base/pg.hpp"
#include "model/enrich_request.hpp"
#include "model/openai_settings.hpp"
#include "model/price_list.hpp"
#include "schema/page_record.hpp"
#include "workers/call_verdict.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nd::workers {

struct desk_settings {
    std::string url;
    model::openai_settings model;
    model::enrich_bounds bounds;
    std::optional<std::int64_t>
        tenant_nano;  // of a month, for tenants without a budget of their own
    std::optional<std::int64_t> total_nano;
    int lease_s = 20;  // renewed while the call is under way
};

struct taken_call {
    schema::tenant_id tenant;
    std::string id;  // UUID
    model::call_way way = model::call_way::fresh;
    model::enrich_request request;
    std::vector<asked_job> jobs;  // in the order of request.asked()
};

[[nodiscard]] std::string_view to_string(model::call_way way) noexcept;

class job_desk {
  public:
    explicit job_desk(desk_settings with);

    // Whose turn it may be, in the order of their ids.
    [[nodiscard]] base::result<std::vector<schema::tenant_id>> tenants_with_jobs(
        model::call_way way);
    // "" when nothing stands in the way.
    [[nodiscard]] base::result<std::string> halted();
    [[nodiscard]] base::result<> halt(const std::string& reason);

    struct taken {
        std::optional<taken_call> call;
        std::string budget;     // which one has too little left: the tenant's jobs wait
        std::int64_t lost = 0;  // calls whose process ended before the answer
        bool anything = false;  // something was due
    };
    // The next call of the tenant's; `batch` is the batch that it belongs to, which stays its
    // maker's for `batch_lease` from now, or empty. Errors: conflict when another has given that
    // batch up meanwhile.
    [[nodiscard]] base::result<taken> take(const schema::tenant_id& tenant, model::call_way way,
                                           const std::string& batch = {},
                                           std::chrono::seconds batch_lease = {});
    [[nodiscard]] base::result<> renew(const schema::tenant_id& tenant, const std::string& call);
    // How many of its jobs have ended by it; what another has ended meanwhile is left alone.
    [[nodiscard]] base::result<std::size_t> end(const schema::tenant_id& tenant,
                                                const std::string& call, model::call_way way,
                                                const std::vector<asked_job>& jobs,
                                                const call_end& how);
    // What waits goes the batch's way where it is more than `most`. How many jobs do.
    [[nodiscard]] base::result<std::uint64_t> choose_batch(const schema::tenant_id& tenant,
                                                           std::int64_t most);

    [[nodiscard]] std::int64_t cost(const model::token_usage& used, model::call_way way) const;
    // The connection, checked; for what belongs to batches.
    [[nodiscard]] base::result<base::pg::connection*> connection();
    void disconnect() { db_.reset(); }

  private:
    struct draft;
    [[nodiscard]] base::result<> fill(base::pg::tenant_tx& tx, draft& into);
    [[nodiscard]] base::result<bool> add(base::pg::tenant_tx& tx, draft& into,
                                         const base::pg::row& row);
    [[nodiscard]] base::result<std::string> open(base::pg::tenant_tx& tx, const draft& from);

    desk_settings with_;
    model::token_price price_;
    std::optional<base::pg::connection> db_;
    schema::page_record_reader reader_;
};

}  // namespace nd::workers
