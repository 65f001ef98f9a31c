// A stand-in and our client of it, side by side.
#pragma once

#include "base/run_task.hpp"
#include "model/openai_client.hpp"
#include "tests/openai/scratch_files.hpp"
#include "tests/openai/stub_control.hpp"
#include "tests/openai/stub_server.hpp"

#include <memory>
#include <string>

namespace nd::tests {

struct client_bed {
    explicit client_bed(const stub_server_settings& with = {})
        : server(with), control(server.port()) {
        settings.url = server.url();
        settings.key_file = files.secret("key", with.api.key + "\n");
        settings.patience_s = 5;
        client = model::openai_client::make(io, settings).value();
    }

    template <class T>
    T run(base::task<T> what) {
        return base::run_task(io, std::move(what));
    }
    auto respond(const std::string& body) { return run(client->respond(body)); }

    stub_server server;
    stub_control control;
    scratch_files files;
    boost::asio::io_context io{1};
    model::openai_settings settings;
    std::unique_ptr<model::openai_client> client;
};

inline const std::string plain_body =
    R"({"model":"gpt-5-mini","input":"hello there","store":false,"max_output_tokens":64})";

}  // namespace nd::tests
