/* engram/dynamics.h is the C interface between engram (the host) and the dynamics of neurons (the plugin).
 *
 * A dynamics is a shared library with one exported function, `engram_dynamics_table`, which returns a static table:
 * what the neurons are called, their states and parameters, and the functions that move them. Every function takes all
 * neurons of a region and all trials of a batch at once. C++ authors use engram/dynamics.hpp, which makes the table and
 * all functions, vector-Jacobian products included, from one struct.
 *
 * Memory: every array belongs to the host, and is valid during the call alone. A plugin has no globals.
 * Layout: N neurons, B trials, K states. A signal is N x B, column-major: neuron i in trial b at [i + b N]. States are
 *         N K x B: state k of neuron i in trial b at [i + (k + b K) N].
 * Scalars: `void *` arrays hold float or double, by the precision of the run: callbacks[ENGRAM_SINGLE] are called with
 *         float arrays, callbacks[ENGRAM_DOUBLE] with double ones.
 * Units: time is in ms. A slope is a state's unit per ms.
 * Neurons: what a function writes for a neuron follows from the values of this neuron in this trial alone.
 * Errors: a callback that cannot go on writes one line into the message and returns ENGRAM_FAILED. No C++ exception may
 *         leave a callback.
 * Process: as plugin.h says of rules: a dynamics leaves the process as it found it.
 * Versions: exact match, of this version and of the table's size; any other table is refused with both numbers.
 */
#ifndef ENGRAM_DYNAMICS_H
#define ENGRAM_DYNAMICS_H

#include <engram/plugin.h>
/* NOLINTBEGIN(modernize-use-using): this is C. */

#ifdef __cplusplus
extern "C" {
#endif

#define ENGRAM_DYNAMICS_ABI_VERSION 2u
#define ENGRAM_DYNAMICS_ENTRY_POINT "engram_dynamics_table"

/* Limits, beside those of plugin.h. */
#define ENGRAM_MAX_VARIABLES 16 /* states of a neuron */
#define ENGRAM_MAX_DERIVED 64   /* derived constants */
#define ENGRAM_BLOCK 256        /* neurons; see engram_population */

/* A state of a neuron. The key "initial" of a region sets the first state. */
typedef struct {
  const char *name;
  const char *unit; /* "" when dimensionless */
  double initial;   /* as a trial begins */
  const char *from; /* NULL, or the parameter whose value stands in the place of `initial` */
  const char *help;
} engram_variable;

/* The neurons of a region. Constants are the parameters in the order of the table, then the derived ones. A constant
 * that differs from neuron to neuron has N values. One that is the same for all is repeated ENGRAM_BLOCK times, so that
 * loops over blocks of neurons read both alike. */
typedef struct {
  uint32_t struct_size;
  size_t neurons; /* N */
  size_t trials;  /* B */
  const void *const *constants;
  const uint32_t *per_neuron; /* by constant: 1: N values; 0: one, ENGRAM_BLOCK times */
} engram_population;

/* Neurons that spike: what reaches them through a step. Their first state is the potential (mV). The current (pA) into
 * a neuron is drive - conductance * potential. */
typedef struct {
  uint32_t struct_size;
  const void *drive;       /* N x B, pA: currents, and conductances times their reversal potentials */
  const void *conductance; /* N x B, nS */
  const void *apical;      /* N x B, pA: current into the apical compartment; NULL where none can reach it, and unless
                              the table asks for it */
  const void *held;        /* N x B: steps for which a neuron is still refractory; not 0: its potential does not move */
  void *passed;  /* N x B: 1: the potential reached the threshold at an earlier stage of this step; set by the plugin.
                    The neuron is then taken to be at its threshold, and the slope of the potential is `beyond` times
                    that there */
  double beyond; /* 0 or 1 */
} engram_spiking_input;

/* What fire() looks at, N x B each. */
typedef struct {
  uint32_t struct_size;
  const void *held;    /* as above: held neurons do not spike */
  const void *passed;  /* NULL: the potential at the end of the step alone decides */
  const void *before;  /* the potential as the step began */
  const void *highest; /* the highest potential within the step; NULL unless the table says `upward` */
} engram_spiking_step;

/* dL/d(what reached spiking neurons through a step), N x B each, to be added to. apical is NULL where that of the input
 * is. */
typedef struct {
  uint32_t struct_size;
  void *drive;
  void *conductance;
  void *apical;
} engram_spiking_cotangents;

/* What fire_vjp() goes back through, N x B each. A spike has a surrogate slope, which the host chooses. */
typedef struct {
  uint32_t struct_size;
  const void *spiked;     /* 1: the neuron spiked, and was reset; 0: it did not */
  const void *slope;      /* of the spike, by how far the potential is beyond the threshold */
  const void *dspike;     /* dL/d(spike), where the spike is seen by others */
  uint32_t through_reset; /* 1: that the potential is reset follows from the spike by this slope too; 0: it does not.
                             What a spike does to the other states always does */
} engram_spike_cotangents;

typedef struct {
  /* Fills the derived constants with `count` values each: derived[k][i] follows from the parameters [i]. NULL without
   * derived constants. */
  engram_status (*prepare)(const engram_population *, size_t count, void *const *derived, engram_message *);
  /* The states of one trial as it begins (N x K). On entry they have what the table says of them. NULL: that is all. */
  engram_status (*begin)(const engram_population *, void *state, engram_message *);
  /* slope = d(state)/dt at these currents into the soma and the apical compartment (N x B each). apical is NULL, and
   * the current 0, where nothing can reach that compartment, and unless the table asks for it. */
  engram_status (*derivative)(const engram_population *, const void *state, const void *soma, const void *apical,
                              void *slope, engram_message *);
  /* Its vector-Jacobian product: with dslope = dL/d(slope), adds dL/d(state), dL/d(soma), dL/d(apical).
   * dapical is NULL where apical is. */
  engram_status (*derivative_vjp)(const engram_population *, const void *state, const void *soma, const void *apical,
                                  const void *dslope, void *dstate, void *dsoma, void *dapical, engram_message *);
  /* For each neuron and trial, N x B: the rate (1/ms) at which its fastest state relaxes, -d(slope of k)/d(state k);
   * the host compares it with the step. */
  engram_status (*relaxation)(const engram_population *, const void *state, const void *soma, const void *apical,
                              void *rate, engram_message *);
  /* Signals of the state, N x B; each may be NULL: rate, potential, and gain, the slope of the rate by the first state.
   * NULL where the table names an activation: the potential is then the first state, and the rate its activation. */
  engram_status (*readout)(const engram_population *, const void *state, void *rate, void *potential, void *gain,
                           engram_message *);
  /* Its vector-Jacobian product: adds dL/d(state). Each cotangent may be NULL. */
  engram_status (*readout_vjp)(const engram_population *, const void *state, const void *drate, const void *dpotential,
                               const void *dgain, void *dstate, engram_message *);
  /* The state at which the slopes are 0 for this current into the soma, and none into the apical compartment. Both are
   * NULL unless every current leads to one such state. */
  engram_status (*settle)(const engram_population *, const void *soma, void *state, engram_message *);
  /* Adds dL/d(soma), for the state that settle() gave. */
  engram_status (*settle_vjp)(const engram_population *, const void *soma, const void *state, const void *dstate,
                              void *dsoma, engram_message *);
  /* Of neurons that spike, both; else NULL. The host calls these in the place of derivative and readout, and relaxation
   * with drive and conductance in the place of soma and apical. */
  engram_status (*spiking_derivative)(const engram_population *, const void *state, const engram_spiking_input *,
                                      void *slope, engram_message *);
  /* At the end of a step: resets the neurons that spike. spiked[k + b N] becomes the k-th of them in trial b,
   * ascending, and counts[b] their number. */
  engram_status (*fire)(const engram_population *, void *state, const engram_spiking_step *, uint32_t *spiked,
                        size_t *counts, engram_message *);
  /* Of neurons that spike: all three, or none; then no gradient goes through their spikes. */
  /* The potential less the threshold, N x B. */
  engram_status (*beyond)(const engram_population *, const void *state, void *by, engram_message *);
  /* Of spiking_derivative: with dslope = dL/d(slope), adds dL/d(state) and dL/d(input). `passed` is as
   * spiking_derivative left it, and stays. */
  engram_status (*spiking_derivative_vjp)(const engram_population *, const void *state, const engram_spiking_input *,
                                          const void *dslope, void *dstate, const engram_spiking_cotangents *,
                                          engram_message *);
  /* Of fire: `state` is that before it. dstate holds dL/d(state after fire), and becomes dL/d(state). */
  engram_status (*fire_vjp)(const engram_population *, const void *state, const engram_spike_cotangents *, void *dstate,
                            engram_message *);
} engram_neuron_callbacks;

/* The table. The first two fields never move, so that a table of any version can be told by them. */
typedef struct {
  uint32_t table_size;  /* sizeof(engram_dynamics) */
  uint32_t abi_version; /* ENGRAM_DYNAMICS_ABI_VERSION */
  const char *name;
  const char *summary;    /* one line: the equations */
  const char *reference;  /* author, year, title or equation */
  const char *integrator; /* that moves the states unless a model names one */
  const char *activation; /* NULL: the callback readout gives the rate; else the activation unless a model names one */
  uint32_t reads_apical;  /* 1: the derivative reads the current into the apical compartment */
  uint32_t spikes;        /* 1: neurons that spike */
  uint32_t upward;        /* 1: a spike is the potential crossing its threshold upwards; nothing is reset */
  uint32_t refractory;    /* 1 + index of the parameter for which (ms) the potential is held after a spike; 0: none */
  uint32_t linear;        /* 1: the slopes are linear in states and currents. Of neurons that spike the host takes exact
                             steps where no receptor is a conductance; of others by the integrator exponential_euler */
  double surrogate_gain; /* slope of a spike at the threshold (1/mV), and over which distance (mV) it falls, unless a */
  double surrogate_width; /* model sets them; of neurons that spike */
  const engram_variable *states;
  size_t state_count; /* K, at least 1 */
  const engram_parameter *parameters;
  size_t parameter_count;
  size_t derived_count;
  engram_neuron_callbacks callbacks[2]; /* by engram_precision; both are to be there */
} engram_dynamics;

typedef const engram_dynamics *(*engram_dynamics_entry_point)(void);

#ifdef __cplusplus
}
#endif
/* NOLINTEND(modernize-use-using) */
#endif
