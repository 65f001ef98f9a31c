// nd-openai-stub: a stand-in for OpenAI's API, for the demo, the benchmark, the fault campaign, and
// the official client. It costs nothing and knows nothing: see derived_answer.hpp for what it says.
#include "base/config.hpp"
#include "base/hmac.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "tests/openai/stub_server.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace {

using namespace nd;

struct options {
    std::string listen = "127.0.0.1:0";
    std::string key_file;
    std::string certificate;
    std::string certificate_key;
    std::string models = "gpt-5-mini";
    std::int64_t latency_ms = 0;
    std::int64_t batch_phase_ms = 1000;
    std::int64_t requests = 100'000;
    std::int64_t tokens = 100'000'000;
    base::log_settings log;
};

base::result<bool> read_options(int argc, char** argv, options& into) {
    base::config_reader reader("nd-openai-stub", "Stands in for OpenAI's API, faults on demand.");
    reader
        .text(into.listen, "listen", "ND_OPENAI_STUB_LISTEN", "127.0.0.1:port; port 0: a free one")
        .check([](const std::string& text) -> std::string {
            const auto read = base::parse_host_port(text);
            if (!read) return read.error().detail;
            return read->host == "127.0.0.1" ? "" : "it is for 127.0.0.1 only";
        });
    reader.text(into.key_file, "key-file", "ND_OPENAI_KEY_FILE", "the API key that it takes")
        .required()
        .readable_file();
    reader.text(into.certificate, "tls-cert", "ND_OPENAI_STUB_TLS_CERT", "PEM; empty: plain HTTP");
    reader.text(into.certificate_key, "tls-key", "ND_OPENAI_STUB_TLS_KEY", "PEM, with --tls-cert");
    reader.text(into.models, "model", "ND_OPENAI_MODEL", "the model that there is");
    reader.number(into.latency_ms, 0, 600'000, "latency-ms", "ND_OPENAI_STUB_LATENCY_MS",
                  "of each answer of the model");
    reader.number(into.batch_phase_ms, 1, 86'400'000, "batch-phase-ms",
                  "ND_OPENAI_STUB_BATCH_PHASE_MS", "of each of a batch's three phases");
    reader.number(into.requests, 1, 100'000'000, "requests-per-minute",
                  "ND_OPENAI_STUB_REQUESTS_PER_MINUTE", "its limit");
    reader.number(into.tokens, 1, 100'000'000'000, "tokens-per-minute",
                  "ND_OPENAI_STUB_TOKENS_PER_MINUTE", "its limit");
    base::add_log_settings(reader, into.log);
    return reader.read(argc, argv);
}

int run(const options& with, const base::signal_watch& signals) {
    const auto key = base::read_secret_file(with.key_file);
    if (!key) {
        base::log::error("nd-openai-stub cannot start", {{"reason", key.error().detail}});
        return 1;
    }
    tests::stub_server_settings settings;
    settings.api.key = *key;
    settings.api.models = {with.models};
    settings.api.latency = std::chrono::milliseconds(with.latency_ms);
    settings.api.batch_phase = std::chrono::milliseconds(with.batch_phase_ms);
    settings.api.requests_per_minute = with.requests;
    settings.api.tokens_per_minute = with.tokens;
    settings.port = base::parse_host_port(with.listen)->port;
    settings.certificate = with.certificate;
    settings.key = with.certificate_key;
    const tests::stub_server server(settings);
    base::log::info("listening", {{"url", server.url()}});
    while (signals.wait(std::chrono::hours(1)) != base::signal_watch::what::stop) {
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const base::signal_watch signals;
    try {
        options with;
        const auto go_on = read_options(argc, argv, with);
        if (!go_on) {
            fmt::print(stderr, "{}\n", go_on.error().detail);
            return 2;
        }
        if (!*go_on) return 0;
        base::start_log("nd-openai-stub", with.log);
        return run(with, signals);
    } catch (const std::exception& e) {
        fmt::print(stderr, "nd-openai-stub: {}\n", e.what());
        return 1;
    }
}
