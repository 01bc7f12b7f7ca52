// What the network adds to the words of a model file: connection patterns.
#pragma once

#include "model/vocabulary.hpp"

namespace engram::network {
void describe(model::Vocabulary &vocabulary);
}
