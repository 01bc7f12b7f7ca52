#!/usr/bin/env bash
# Draws figure 3 of Richards et al. 2019 with numbers: the bias and variance of each rule that learns the digits.
#   examples/figure-3/measure.sh [FOLDER]      writes fidelity.json, fidelity.svg and cosine.svg there (here unless given)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
digits=$here/../../models/digits
models=()
# In the circuit of backprop.json itself: 64-100-10, relu, softmax, cross-entropy.
for rule in feedback_alignment node_perturbation weight_perturbation agrel; do models+=("$digits/$rule.json"); done
# Those that need another circuit, against the gradient of that circuit left alone.
models+=("$digits/brain_prop.json=$here/mse.json")
for rule in kolen_pollack weight_mirror contrastive_hebbian equilibrium_propagation predictive_coding \
  burst_prop dendritic_error difference_target_propagation forward_forward bcm foldiak sanger; do
  models+=("$digits/$rule.json=own")
done
exec "$here/../../engram" fidelity "$digits/backprop.json" --models "$(IFS=,; echo "${models[*]}")" \
  --at initial,5%,25%,trained --samples 2000 --out "${1:-$here}"
