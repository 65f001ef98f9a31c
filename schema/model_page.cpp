#include "schema/model_page.hpp"

#include "schema/page_redactor.hpp"

#include <map>
#include <tuple>

namespace nd::schema {
namespace {

constexpr std::string_view text_purpose = "activationkit page text 1";
constexpr std::string_view model_purpose = "activationkit model page 1";

// Counts equal keys from the front.
class ordinals {
  public:
    void set(element_key& key) { key.ordinal = met_[{key.role, key.name, key.section}]++; }

  private:
    std::map<std::tuple<aria_role, std::string, std::string>, std::uint32_t> met_;
};

}  // namespace

bool needs_sessions(std::string_view text) noexcept {
    return !text.empty() && text != content_mark;
}

base::sha256_digest text_key(const tenant_id& tenant, const page_text& text) {
    structure_text key(text_purpose, tenant);
    key.add(static_cast<std::uint32_t>(text.what));
    key.add(to_string(text.role));
    key.add_exactly(text.text);  // "Order 4711" was not seen because "Order 4712" was
    return key.hash().bytes;
}

void model_page::set_ordinals() {
    ordinals met;
    for (auto& element : elements_)
        met.set(element.key);
}

void model_page::set_fingerprint(const tenant_id& tenant) {
    structure_text text(model_purpose, tenant);
    text.add(page_);
    text.add(title_);
    for (const auto& element : elements_) {
        text.add(element.parent);
        text.add(to_string(element.key.role));
        text.add(element.key.name);
        text.add(element.key.section);
    }
    fingerprint_ = text.hash();
}

std::vector<element_key> keys_of(const safe_page& page) {
    std::vector<element_key> made;
    made.reserve(page.elements().size());
    ordinals met;
    for (const auto& element : page.elements()) {
        made.push_back({element.role, std::string(element.name), std::string(element.section), 0});
        met.set(made.back());
    }
    return made;
}

}  // namespace nd::schema
