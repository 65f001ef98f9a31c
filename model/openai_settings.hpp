// Where the model service is, with which key, and which model is asked: the same settings in every
// program that calls it.
#pragma once

#include "base/config.hpp"

#include <cstdint>
#include <string>

namespace nd::model {

struct openai_settings {
    std::string url = "https://api.openai.com/v1";
    std::string key_file;    // empty: nothing is called, jobs wait
    std::string trust_file;  // PEM; empty: the system's certificates
    std::string model = "gpt-5-mini";
    std::string effort = "low";  // of reasoning; empty for a model without it
    // Of August 2025. What the ledger and the budgets count with: keep it true.
    std::string prices = "gpt-5-mini=0.25/0.025/2";
    std::int64_t patience_s = 120;  // for one answer
};

// Flags --openai-* and ND_OPENAI_*; each value is checked, and the model must have a price.
void add_openai_settings(base::config_reader& reader, openai_settings& settings);

}  // namespace nd::model
