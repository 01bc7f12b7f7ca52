#!/usr/bin/env bash
# Shows the 92 pictures to three circuits and compares their regions with monkey and human IT.
#   examples/compare-with-recordings/compare.sh [FOLDER]     writes figures and numbers there (here unless given)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
engram=$here/../../engram
mkdir -p "$here/data" "$here/runs"
source=https://raw.githubusercontent.com/rsagroup/rsatoolbox/main/demos/92imageData
for file in Kriegeskorte_Neuron2008_supplementalData.mat 92_brainRDMs.mat 92_modelRDMs.mat; do
  [[ -f $here/data/$file ]] || curl -fL "$source/$file" -o "$here/data/$file"
done
if [[ ! -f $here/runs/mnist.nwb ]]; then # a network that has learnt digits
  "$engram" run "$here/../../models/mnist/mnist-backprop.json" --out "$here/runs/mnist.nwb"
fi
"$engram" run "$here/circuits/dense.json" --quiet --out "$here/runs/random.nwb"
"$engram" run "$here/circuits/dense.json" --quiet --weights "$here/runs/mnist.nwb" --out "$here/runs/trained.nwb"
"$engram" run "$here/circuits/topographic.json" --quiet --out "$here/runs/topographic.nwb"
exec "$engram" compare --config "$here/it.json" --out "${1:-$here}"
