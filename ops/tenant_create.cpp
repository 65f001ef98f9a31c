#include "ops/tenant_create.hpp"

#include "base/random.hpp"
#include "ops/key_file.hpp"
#include "ops/key_settings.hpp"
#include "ops/tenant_store.hpp"
#include "ops/text_table.hpp"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace nd::ops {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_name = 200;

std::string random_suffix() {
    std::array<std::uint8_t, 4> bytes{};
    base::fill_random(bytes);
    return fmt::format("{:02x}{:02x}{:02x}{:02x}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

base::result<> check(const tenant_create_options& options) {
    if (options.with_key && options.count > 1 && options.keys_out.empty()) {
        return base::failure(
            base::errc::invalid,
            "--with-key shows one key; for the keys of many tenants give --keys-out FILE");
    }
    return {};
}

// What is needed for keys, when keys are wanted.
struct key_maker {
    base::hmac_sha256 pepper;
    key_settings allowed;
};

base::result<std::optional<key_maker>> open_key_maker(const settings& from,
                                                      const tenant_create_options& options) {
    if (!options.with_key && options.keys_out.empty()) return std::optional<key_maker>();
    auto allowed = read_key_words({options.environment, options.scopes, {}, false, {}}, {});
    if (!allowed) return allowed.error();
    auto pepper = open_pepper(from);
    if (!pepper) return pepper.error();
    return std::optional<key_maker>(key_maker{std::move(*pepper), std::move(*allowed)});
}

struct made_tenants {
    std::vector<std::string> ids;
    std::vector<issued_key> keys;
};

base::result<made_tenants> make(base::pg::connection& on, std::span<const std::string> names,
                                std::optional<key_maker>& maker) {
    made_tenants made;
    for (std::size_t i = 0; maker && i < names.size(); ++i)
        made.keys.push_back(issue_key(maker->allowed.env, maker->pepper));
    static const key_settings none;
    const auto& allowed = maker ? maker->allowed : none;
    auto ids = register_tenants(on, names, made.keys, to_string(allowed.env), allowed.scopes);
    if (!ids) return ids.error();
    made.ids = std::move(*ids);
    return made;
}

json::object line(const std::string& id, const std::string& name, const issued_key* key) {
    json::object one{{"tenant_id", id}, {"name", name}};
    if (key != nullptr) one["key"] = key->text;
    return one;
}

base::result<> write_keys(key_file& file, std::span<const std::string> names,
                          const made_tenants& made) {
    std::string lines;
    for (std::size_t i = 0; i < names.size(); ++i)
        lines += json::serialize(line(made.ids[i], names[i], &made.keys[i])) + "\n";
    return file.append(lines);
}

report tell_one(const std::string& name, const made_tenants& made, const std::string& keys_out) {
    const auto* key = made.keys.empty() || !keys_out.empty() ? nullptr : &made.keys.front();
    report said{line(made.ids[0], name, key),
                fmt::format("Tenant \"{}\" is {}\n", name, made.ids[0]), exit_status::fine};
    if (key != nullptr) said.text += fmt::format("Its key, shown only now: {}\n", key->text);
    if (!keys_out.empty()) said.text += fmt::format("Its key is in {}.\n", keys_out);
    return said;
}

report tell_many(const std::vector<std::string>& names, const std::string& keys_out) {
    report said;
    said.data = {
        {"created", names.size()}, {"first_name", names.front()}, {"last_name", names.back()}};
    said.text = fmt::format("Created {}, \"{}\" to \"{}\".\n", counted(names.size(), "tenant"),
                            names.front(), names.back());
    if (!keys_out.empty()) {
        said.data["keys_out"] = keys_out;
        said.text += fmt::format(
            "Their keys are in {} (one JSON object per line); they are nowhere else.\n", keys_out);
    }
    return said;
}

}  // namespace

base::result<std::vector<std::string>> tenant_names(const tenant_create_options& options,
                                                    const std::string& suffix) {
    const auto name = options.name.empty() ? "tenant-" + suffix : options.name;
    if (name.size() > longest_name ||
        std::any_of(name.begin(), name.end(), [](char c) { return c >= 0 && c < ' '; })) {
        return base::failure(
            base::errc::invalid,
            fmt::format("a tenant's name has at most {} bytes and no control characters",
                        longest_name));
    }
    if (options.count == 1) return std::vector<std::string>{name};
    std::vector<std::string> names;
    for (std::int64_t i = 1; i <= options.count; ++i)
        names.push_back(fmt::format("{}-{:06}", name, i));
    return names;
}

base::result<report> create_tenants(const settings& from, const tenant_create_options& options) {
    if (auto sound = check(options); !sound) return sound.error();
    const auto names = tenant_names(options, random_suffix());
    if (!names) return names.error();
    auto maker = open_key_maker(from, options);
    if (!maker) return maker.error();
    auto on = open_operator(from);
    if (!on) return on.error();
    std::optional<key_file> file;
    if (!options.keys_out.empty()) {
        auto opened = key_file::create(options.keys_out);
        if (!opened) return opened.error();
        file.emplace(std::move(*opened));
    }
    const std::span<const std::string> all(*names);
    for (std::size_t at = 0; at < all.size(); at += most_tenants_at_once) {
        const auto some = all.subspan(at, std::min(most_tenants_at_once, all.size() - at));
        const auto made = make(*on, some, *maker);
        if (!made) return made.error();
        if (file) {
            if (auto written = write_keys(*file, some, *made); !written) return written.error();
        }
        if (all.size() == 1) return tell_one(all[0], *made, options.keys_out);
    }
    return tell_many(*names, options.keys_out);
}

}  // namespace nd::ops
