// The two programs of this folder as they are started: nd-openai-smoke against nd-openai-stub.
#include "tests/openai/scratch_files.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/process.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <sstream>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

struct outcome {
    int status = -1;
    std::string said;
};

outcome run(const std::string& command) {
    outcome made;
    auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    char part[512];
    while (std::fgets(part, sizeof part, pipe) != nullptr)
        made.said += part;
    const auto ended = ::pclose(pipe);
    made.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128;
    return made;
}

}  // namespace

TEST_CASE("the smoke test asks the service that it is told of, and says what it cost") {
    const scratch_files files;
    const auto key = files.secret("key", "sk-program-0123456789abcdef0123456789");
    const auto port = std::to_string(server_port());
    process stub({.words = {ND_OPENAI_STUB, "--listen", "127.0.0.1:" + port, "--key-file", key},
                  .environment = {},
                  .log = files.file("log"),
                  .folder = "/"});
    stub.start();
    const std::string url = "http://127.0.0.1:" + port;
    http_client http(url, 1s);
    for (int i = 0; i < 200 && http.get("/readyz").status != 200; ++i)
        std::this_thread::sleep_for(20ms);
    const auto good = run(ND_OPENAI_SMOKE " --openai-url " + url + "/v1 --openai-key-file " + key);
    CHECK_MESSAGE(good.status == 0, good.said);
    CHECK(good.said.find("at " + url + "/v1\n") != std::string::npos);
    CHECK(good.said.find("button 'Upgrade to Pro'") != std::string::npos);
    CHECK(good.said.find(" dollars, req_stub") != std::string::npos);
    const auto wrong = files.secret("wrong", "sk-wrong-0123456789abcdef0123456789ab");
    const auto refused =
        run(ND_OPENAI_SMOKE " --openai-url " + url + "/v1 --openai-key-file " + wrong);
    CHECK(refused.status == 1);
    CHECK(refused.said.find("the API key is refused") != std::string::npos);
    CHECK(stub.stop(5s));
}

TEST_CASE("without a key, or with settings that cannot work, the smoke test says so and exits 2") {
    const auto keyless = run("env -u ND_OPENAI_KEY_FILE " ND_OPENAI_SMOKE);
    CHECK(keyless.status == 2);
    CHECK(keyless.said.find("ND_OPENAI_KEY_FILE") != std::string::npos);
    const auto refused = [](const std::string& flags) {
        const auto got = run(ND_OPENAI_SMOKE " " + flags);
        CHECK(got.status == 2);
        return got.said;
    };
    CHECK(refused("--openai-url http://example.com").find("this machine only") !=
          std::string::npos);
    CHECK(refused("--openai-model other").find("no price for --openai-model other") !=
          std::string::npos);
    CHECK(refused("--openai-prices x").find("MODEL=INPUT/CACHED/OUTPUT") != std::string::npos);
    CHECK(refused("--openai-effort lots").find("minimal") != std::string::npos);
}

TEST_CASE("./dev openai-smoke asks the stand-in of a sourced .run/env only when told to in words") {
    const scratch_files files;
    // In the program's place: what it would be started with.
    std::ofstream(files.file("nd-openai-smoke"))
        << "#!/bin/sh\necho \"address ${ND_OPENAI_URL-real} key $ND_OPENAI_KEY_FILE $*\"\n";
    ::chmod(files.file("nd-openai-smoke").c_str(), 0700);
    const auto dev = [&](const std::string& key, const std::string& arguments) {
        return run("env ND_BIN=" + files.file("") + " ND_RUN_DIR=" + files.file("run") +
                   " ND_OPENAI_URL=http://127.0.0.1:9/v1 ND_OPENAI_KEY_FILE=" + key +
                   " " ND_DEV_SCRIPT " openai-smoke " + arguments);
    };
    const auto real = dev("/home/a/key", "");
    CHECK(real.said == "address real key /home/a/key \n");
    CHECK(real.status == 0);
    const auto stand_in = dev(files.file("run/secret/openai-key"), "");
    CHECK(stand_in.status == 2);
    CHECK(stand_in.said.find("stand-in") != std::string::npos);
    const auto told =
        dev(files.file("run/secret/openai-key"), "--openai-url http://127.0.0.1:9/v1");
    CHECK(told.said.find("--openai-url http://127.0.0.1:9/v1") != std::string::npos);
    CHECK(told.status == 0);
}
