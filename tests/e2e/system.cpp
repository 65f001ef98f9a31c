#include "tests/e2e/system.hpp"

#include <errno.h>

#include <stdexcept>

namespace nd::tests {

stack& the_system() {
    // A run directory of the program's own: two programs may run at a time.
    static stack system(program_invocation_short_name);
    return system;
}

void raise_limit(const stack& system, const tenant_key& of) {
    const auto done =
        system.ndctl("limits set --tenant " + of.tenant + " --class events --per-minute 6000");
    if (done.status != 0) throw std::runtime_error("ndctl limits set: " + done.output);
    // The front end hears of it by NOTIFY; a request before that still meets the old limit.
    http_client client(system["ND_URL"]);
    const auto heard = eventually(std::chrono::seconds(5), [&] {
        const auto answer =
            client.post("/v1/events?validate=1", R"({"events":[{}]})",
                        {{"X-ND-Key", of.key}, {"Content-Type", "application/json"}});
        const auto policy = answer.headers.find("ratelimit-policy");
        return policy != answer.headers.end() && policy->second.find("q=6000") != std::string::npos;
    });
    if (!heard) throw std::runtime_error("nd-ingest did not hear of the new limit");
}

int status_of(const std::string& base_url, const std::string& path) {
    return http_client(base_url).get(path).status;
}

}  // namespace nd::tests
