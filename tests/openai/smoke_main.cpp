// nd-openai-smoke: one small request to the service that the settings name, from a page through the
// redactor and the builder to checked notes, with what it cost. Run by ./dev openai-smoke.
#include "base/run_task.hpp"
#include "model/enrich_answer.hpp"
#include "model/enrich_request.hpp"
#include "model/openai_client.hpp"
#include "model/price_list.hpp"
#include "tests/model/sample_page.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace {

using namespace nd;

int complain(std::string_view what, std::string_view why) {
    fmt::print(stderr, "nd-openai-smoke: {}: {}\n", what, why);
    return 1;
}

void show(const model::page_notes& page) {
    fmt::print("page: {}\n", page.purpose);
    for (const auto& one : page.elements)
        fmt::print("  {} '{}': {}{} ({})\n", schema::to_string(one.key.role), one.key.name,
                   one.purpose, one.gated ? " [gated]" : "", model::to_string(one.kind));
    for (const auto& one : page.tours)
        fmt::print("  tour '{}' of {} steps\n", one.title, one.steps.size());
}

int run(const model::openai_settings& with) {
    boost::asio::io_context io(1);
    auto client = model::openai_client::make(io, with);
    if (!client) return complain("the settings", client.error().detail);
    fmt::print("asking {} at {}\n", with.model, with.url);
    static_cast<void>(std::fflush(stdout));
    const auto tenant = tests::sample_tenant(1);
    const auto page = tests::sample_page(tenant, "/settings/billing",
                                         {{"heading", "Billing", "main"},
                                          {"button", "Upgrade to Pro", "main"},
                                          {"link", "Download invoices", "main"},
                                          {"textbox", "Company name", "main"}});
    model::enrich_request request(tenant, with.model, with.effort);
    static_cast<void>(request.add(tenant, page));
    const auto got = base::run_task(io, (*client)->respond(request.body()));
    if (!got)
        return complain(fmt::format("the call ({})", to_string(got.error().what)),
                        got.error().detail);
    const auto& answer = got->value;
    if (answer.what != model::response_answer::outcome::completed)
        return complain("the answer is not complete", answer.reason + " " + answer.text);
    const auto notes = model::read_enrich_answer(answer.text, request.asked());
    if (!notes) return complain("the model's text", notes.error().detail);
    show(*notes->pages[0]);
    const auto used = answer.usage.value_or(model::token_usage());
    const auto price = model::price_list::parse(with.prices)->of(with.model);
    fmt::print(
        "{}: {} tokens in (estimated at most {}), {} out (at most {}), {:.6f} dollars, {}\n",
        answer.model, used.input, request.input_tokens(), used.output, request.output_tokens(),
        static_cast<double>(cost_of(used, *price, model::call_way::fresh)) / 1e9, got->request_id);
    if (notes->strays + notes->repeated + notes->unfit > 0)
        fmt::print("dropped: {} strays, {} repeated, {} unfit\n", notes->strays, notes->repeated,
                   notes->unfit);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        model::openai_settings with;
        base::config_reader reader("nd-openai-smoke", "Asks the model service about one page.");
        model::add_openai_settings(reader, with);
        const auto go_on = reader.read(argc, argv);
        if (!go_on) {
            fmt::print(stderr, "{}\n", go_on.error().detail);
            return 2;
        }
        if (!*go_on) return 0;
        if (with.key_file.empty()) {
            fmt::print(stderr,
                       "nd-openai-smoke: no key: set ND_OPENAI_KEY_FILE to a file with one\n");
            return 2;
        }
        return run(with);
    } catch (const std::exception& e) {
        return complain("it broke", e.what());
    }
}
