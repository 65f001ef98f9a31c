#include "bench/bed.hpp"

#include "bench/admin_database.hpp"
#include "bench/process_cpu.hpp"
#include "bench/recording.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json/parse.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace nd::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::seconds longest_start{20};
constexpr std::chrono::milliseconds ask_again_after{100};

std::chrono::milliseconds ms(double seconds) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::string shell_word(const std::string& text) {
    std::string made = "'";
    for (const char c : text)
        made += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return made + "'";
}

// The parent of one's own backend; only on the same machine does its number mean a process.
pid_t postmaster_of(base::pg::connection& admin) {
    static constexpr base::pg::statement ask("select pg_backend_pid() as pid");
    const auto pid = admin.exec(ask);
    if (!pid) return 0;
    std::ifstream file(fmt::format("/proc/{}/stat", (*pid)[0].integer("pid")));
    std::string line;
    if (!std::getline(file, line) || line.find("(postgres") == std::string::npos) return 0;
    return static_cast<pid_t>(std::atoi(line.c_str() + line.rfind(')') + 4));
}

}  // namespace

bed::bed(const options& asked, report& to_fill)
    : with(asked), into(to_fill), trusting_(asio::ssl::context::tls_client) {
    auto recorded = read_recording(with.recording);
    if (!recorded) throw bench_error(exit_unreachable, recorded.error().detail);
    events = std::move(*recorded);
    if (!with.trust.empty()) {
        boost::system::error_code ec;
        trusting_.load_verify_file(with.trust, ec);
        if (ec)
            throw bench_error(exit_unreachable,
                              fmt::format("cannot read {}: {}", with.trust, ec.message()));
    } else {
        trusting_.set_default_verify_paths();
    }
    trusting_.set_verify_mode(asio::ssl::verify_peer);
    if (with.keys.empty())
        make_tenants();
    else
        read_keys(with.keys);
}

void bed::read_keys(const std::string& path) {
    std::ifstream file(path);
    if (!file)
        throw bench_error(exit_unreachable,
                          fmt::format("cannot read the keys in {}: `ndctl tenant create --count N "
                                      "--keys-out FILE` makes them",
                                      path));
    for (std::string line; std::getline(file, line);) {
        boost::system::error_code ec;
        const auto parsed = boost::json::parse(line, ec);
        const auto* object = ec ? nullptr : parsed.if_object();
        const auto* key = object == nullptr ? nullptr : object->if_contains("key");
        const auto* tenant = object == nullptr ? nullptr : object->if_contains("tenant_id");
        if (key == nullptr || !key->is_string() || tenant == nullptr || !tenant->is_string())
            throw bench_error(exit_usage,
                              fmt::format("line {} of {} has no key and tenant_id: use the file of "
                                          "`ndctl tenant create --keys-out`",
                                          keys.size() + 1, path));
        keys.emplace_back(key->as_string());
        tenants.emplace_back(tenant->as_string());
    }
    if (keys.empty()) throw bench_error(exit_usage, path + " holds no keys");
}

void bed::make_tenants() {
    if (!with.url.empty())
        throw bench_error(exit_usage,
                          "with --url, give the tenants' keys too: --keys FILE, made by `ndctl "
                          "tenant create --count N --keys-out FILE`");
    const auto file = fmt::format("{}/nd-bench-keys.{}", with.log_dir, ::getpid());
    const auto ndctl = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "ndctl";
    show.step(fmt::format("making {} tenants with a key each", with.tenants));
    const auto command =
        fmt::format("umask 077; {} tenant create --count {} --keys-out {} >/dev/null",
                    shell_word(ndctl), with.tenants, shell_word(file));
    if (std::system(command.c_str()) != 0)
        throw bench_error(exit_unreachable,
                          "the tenants could not be made: is Postgres up and migrated, and "
                          "ND_OPERATOR_DATABASE_URL set? (`./dev bench` does all that)");
    read_keys(file);
    std::filesystem::remove(file);
}

bed::server bed::start_ingest(const child::variables& more, int number) {
    server made;
    if (!with.url.empty()) {
        const auto scheme = with.url.find("://");
        const auto address =
            base::parse_host_port(with.url.substr(scheme == std::string::npos ? 0 : scheme + 3));
        if (!address) throw bench_error(exit_usage, "--url: " + address.error().detail);
        boost::system::error_code ec;
        made.host = address->host;
        made.at = {
            asio::ip::make_address(address->host == "localhost" ? "127.0.0.1" : address->host, ec),
            address->port};
        if (ec) throw bench_error(exit_usage, "--url: give an IP address as the host");
        made.pid = static_cast<pid_t>(with.ingest_pid);
    } else {
        child::variables environment{{"ND_LISTEN", "127.0.0.1:0"},
                                     {"ND_ADMIN_LISTEN", "127.0.0.1:0"},
                                     {"ND_THREADS", fmt::to_string(with.threads)}};
        if (tls()) {
            environment["ND_TLS_CERT"] = with.certificate;
            environment["ND_TLS_KEY"] = with.key;
        }
        for (const auto& [name, value] : more)
            environment[name] = value;
        made.own = std::make_unique<child>(
            "nd-ingest", environment,
            fmt::format("{}/nd-bench-nd-ingest.{}.log", with.log_dir, number));
        made.host = "127.0.0.1";
        made.at = {asio::ip::make_address("127.0.0.1"),
                   made.own->number_in_log("address=127.0.0.1:")};
        made.pid = made.own->pid();
    }
    preflight(made);
    return made;
}

std::unique_ptr<child> bed::start_writer(int number, const child::variables& more) {
    child::variables environment{{"ND_WRITER_ADMIN_LISTEN", "127.0.0.1:0"}};
    for (const auto& [name, value] : more)
        environment[name] = value;
    auto made =
        std::make_unique<child>("nd-writer", environment,
                                fmt::format("{}/nd-bench-nd-writer.{}.log", with.log_dir, number));
    static_cast<void>(made->number_in_log("port="));
    return made;
}

load_plan bed::plan_for(const tcp::endpoint& at, const std::string& host, int per_request) {
    load_plan plan;
    plan.to = at;
    plan.host = host;
    plan.tls = tls() ? &trusting_ : nullptr;
    plan.keys = keys;
    plan.events = events;
    plan.encoded = with.encoded;
    plan.connections = static_cast<int>(with.connections);
    plan.events_per_request = per_request;
    plan.warm_up = ms(with.warm_up);
    plan.window = ms(with.seconds);
    static std::uint64_t run = 0;
    plan.seed = static_cast<std::uint64_t>(with.seed) + ++run * 0x9e3779b97f4a7c15;
    return plan;
}

// A server that is starting has cold caches and says 503: it gets a while.
void bed::preflight(const server& at) {
    const auto end = std::chrono::steady_clock::now() + longest_start;
    int status = 0;
    std::string said;
    while (true) {
        asio::io_context io(1);
        auto plan = plan_for(at.at, at.host, 1);
        plan.connections = 1;
        plan.warm_up = {};
        plan.window = std::chrono::milliseconds(1);
        load one(io, plan);
        one.on_answer([&](const load::answer& of) { status = of.status; });
        one.start();
        io.run();
        said = one.outcome().first_refusal;
        if ((status != 503 && status != 0) || std::chrono::steady_clock::now() > end) break;
        if (status == 0 && !at.own) break;
        std::this_thread::sleep_for(ask_again_after);
    }
    if (status == 202 || status == 429) return;
    if (status == 401 || status == 403)
        throw bench_error(exit_unreachable,
                          fmt::format("the server answers {} to the first key: keys were made for "
                                      "another database or pepper ({})",
                                      status, said));
    if (status == 0)
        throw bench_error(
            exit_unreachable,
            fmt::format("nothing answers HTTP{} at {}:{}: start the server there, or "
                        "leave --url out and nd-bench starts its own",
                        tls() ? " over TLS" : "", at.at.address().to_string(), at.at.port()));
    throw bench_error(exit_unreachable,
                      fmt::format("the server answers {} to a good request: {}", status, said));
}

meter bed::common_meter(const std::vector<pid_t>& except) const {
    meter made;
    if (with.broker_pid > 0) made.add("kafka", static_cast<pid_t>(with.broker_pid));
    if (with.admin_url.empty()) return made;
    auto admin = open_admin(with.admin_url);
    const auto postmaster = postmaster_of(admin);
    if (postmaster > 1) made.add_postgres(postmaster, except);
    return made;
}

void bed::judge(const std::string& what, const load_outcome& outcome) {
    const auto all = outcome.requests + outcome.failures();
    for (const auto& [status, count] : outcome.refused) {
        const auto share = static_cast<double>(count) / static_cast<double>(all);
        auto sentence =
            status == 0
                ? fmt::format("{}: {} requests of {} lost their connection", what, count, all)
                : fmt::format("{}: {} requests of {} were answered {}", what, count, all, status);
        if (status == 429) sentence += " (over a tenant's limit: more --tenants or a lower --rate)";
        if (status == 503) sentence += " (the server or Kafka is full: a lower --rate)";
        if (share > 0.01)
            into.unsound(sentence + "; its figures say little");
        else
            into.note(sentence);
    }
    if (outcome.rejected > 0)
        into.unsound(fmt::format("{}: events were rejected, the load is wrong: {}", what,
                                 outcome.first_refusal));
    if (outcome.unsent > 0)
        into.unsound(fmt::format(
            "{}: {} requests were due and never sent, every connection was busy: a lower --rate",
            what, outcome.unsent));
    if (outcome.requests == 0) into.unsound(what + ": no request was answered as it should be");
    if (outcome.lateness.quantile_ms(0.5) > 5 && outcome.unsent == 0)
        into.note(
            fmt::format("{}: half of the requests left {:.1f} ms late or more: no connection "
                        "was free, or the generator itself was short of CPU",
                        what, outcome.lateness.quantile_ms(0.5)));
}

}  // namespace nd::bench
