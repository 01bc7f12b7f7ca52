// These are the names that columns of spikes have in the files of simulators and laboratories.
#pragma once

#include <string>
#include <vector>

namespace engram::data {

inline const std::vector<std::string> unit_names{
    "neuron",  "neurons", "unit",     "units",     "id",  "ids",  "i",       "index",    "cell",       "sender",
    "senders", "node_id", "node_ids", "neuron_id", "gid", "gids", "cluster", "clusters", "cluster_id", "unit_id"},
    ms_names{"ms", "time_ms", "times_ms", "t_ms", "spike_time_ms", "time (ms)", "t (ms)"},
    second_names{"s", "time_s", "times_s", "t_s", "sec", "seconds", "spike_time_s", "time (s)", "t (s)"},
    time_names{"time", "times", "t", "timestamps", "timestamp", "spike_time", "spike_times"};

/// "ms" or "s" where the name of a column says so, else "".
std::string time_unit_of_column(const std::string &name);

} // namespace engram::data
