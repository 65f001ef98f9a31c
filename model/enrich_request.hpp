// The request for one tenant's pages: instructions and schema, then the pages as data. It takes
// pages as the model may see them (model_page) and nothing else, and only those of its tenant.
// Pure. Filled by the enricher page by page until it is full.
#pragma once

#include "model/asked_page.hpp"
#include "schema/ids.hpp"
#include "schema/model_page.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nd::model {

// Of one request. A page that is larger than them alone is cut: what people act on stays first.
struct enrich_bounds {
    std::size_t pages = 8;
    std::size_t elements = 250;  // of one page
    std::int64_t input_tokens = 24'000;
    std::int64_t output_tokens = 24'000;

    // For the second try after a refusal, an answer that was cut off or one of a wrong shape.
    [[nodiscard]] enrich_bounds smaller() const;
};

class enrich_request {
  public:
    // `effort` of reasoning, empty for a model without it.
    enrich_request(const schema::tenant_id& tenant, std::string model, std::string effort,
                   const enrich_bounds& most = {});

    enum class added { yes, full, other_tenant };
    // The first page always fits. `other_tenant` is a fault of the caller's: nothing was added.
    [[nodiscard]] added add(const schema::tenant_id& tenant, const schema::model_page& page);

    // JSON, for POST /v1/responses or a line of a batch. The same pages make the same bytes.
    [[nodiscard]] std::string body() const;

    // What it may use at most: what a budget must still have before the call.
    [[nodiscard]] std::int64_t input_tokens() const noexcept { return input_tokens_; }
    [[nodiscard]] std::int64_t output_tokens() const noexcept { return output_tokens_; }
    // In the order in which they were added.
    [[nodiscard]] const std::vector<asked_page>& asked() const noexcept { return asked_; }

  private:
    schema::tenant_id tenant_;
    std::string model_;
    std::string effort_;
    enrich_bounds most_;
    std::vector<asked_page> asked_;
    std::string data_;  // the pages as JSON, with commas between
    std::int64_t input_tokens_;
    std::int64_t output_tokens_;
};

}  // namespace nd::model
