/* engram/plugin.h is the C interface between engram (the host) and a learning rule (the plugin).
 *
 * A rule is a shared library with one exported function, `engram_rule_table`, which returns a static
 * table that says what the rule is, what it reads and what it computes. A rule is attached to a
 * projection, and is handed only what its synapses could sense: the signals that it declared, of the
 * presynaptic and postsynaptic neurons of its own projection, its weights, its state, and broadcast
 * modulators. C++ authors use engram/rule.hpp, which builds the table from a struct.
 *
 * Memory: every array belongs to the host, and is valid during the call alone. A plugin has no globals.
 * Layout: all matrices are column-major. A signal is N x B: neuron i in trial b stands at
 *         [i + b * stride]. Weights are N_post x N_pre: the synapse from j to i at [i + j * stride].
 * Scalars: `void *` arrays hold float or double, by the precision of the run: callbacks[ENGRAM_SINGLE]
 *         are called with float arrays, callbacks[ENGRAM_DOUBLE] with double ones.
 * Units: time is in ms, rates in the unit of the region, parameters in the unit that the table states.
 * Errors: a callback that cannot go on writes one line into the message and returns ENGRAM_FAILED.
 *         No C++ exception may leave a callback.
 * Process: a rule leaves the process as it found it: no exit, no signal handlers, no other folder, locale,
 *         rounding mode or flush-to-zero, nothing printed, no file made or removed.
 * Sign: what a rule returns is the change that it wants, before the learning rate: w += rate * change.
 *       The host takes the mean over the trials of a batch and, for a rule that is called at each step,
 *       over the steps; what a rule returns at the ends of the phases of a trial adds up. A rule that
 *       descends a loss L returns an estimate of -dL/dw.
 * Versions: exact match. A table is taken whose abi_version is ENGRAM_ABI_VERSION and whose table_size is
 *       sizeof(engram_rule); any other is refused with both numbers, and the rule is to be compiled anew.
 *       ENGRAM_ABI_VERSION is raised with every change of a struct below, or of what a field means.
 */
#ifndef ENGRAM_PLUGIN_H
#define ENGRAM_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
/* NOLINTBEGIN(modernize-use-using): this is C. */

#ifdef __cplusplus
extern "C" {
#endif

#define ENGRAM_ABI_VERSION 3u
#define ENGRAM_ENTRY_POINT "engram_rule_table"

/* Limits. A table beyond one of them is refused where it is read, by every command alike. */
#define ENGRAM_MAX_NAME 64   /* bytes of a name: of the rule, a parameter, a choice, a signal, a modulator, a state */
#define ENGRAM_MAX_TEXT 4096 /* bytes of a summary, a reference, a unit or a help text */
#define ENGRAM_MAX_PARAMETERS 64
#define ENGRAM_MAX_CHOICES 64 /* of one parameter */
#define ENGRAM_MAX_SIGNALS 16 /* of one side */
#define ENGRAM_MAX_MODULATORS 8
#define ENGRAM_MAX_STATES 16 /* of one place; those of ENGRAM_PRE_PAIRS count among ENGRAM_PRE */
#define ENGRAM_MAX_FACTORS 16
#define ENGRAM_MAX_LATE 1000000 /* steps by which a state is late; a model that asks for more is refused */
#define ENGRAM_MESSAGE_SIZE 512 /* bytes of a message, with its NUL: engram_message.capacity */

typedef enum { ENGRAM_OK = 0, ENGRAM_FAILED = 1 } engram_status;

/* The scalar of a run, and the index into engram_rule.callbacks. */
typedef enum { ENGRAM_SINGLE = 0, ENGRAM_DOUBLE = 1 } engram_precision;

/* PRE_PAIRS: for each pair of presynaptic neurons, which no synapse could hold: only for rules that are not local. */
typedef enum { ENGRAM_PRE = 0, ENGRAM_POST = 1, ENGRAM_SYNAPSE = 2, ENGRAM_PRE_PAIRS = 3 } engram_place;

/* How much of the circuit a rule can see, from most to least restrained.
 * FACTORED: one callback sees the presynaptic side, one the postsynaptic side, neither sees both; the
 *           host forms sum_k post_k pre_k' (+ diag(post_gain) W + W diag(pre_gain)).
 * SYNAPTIC: a callback sees pre_j, post_i, w_ij and state_ij of a tile of synapses.
 * GLOBAL:   a callback is handed the whole network: a reference, never local.
 * SPIKING:  callbacks see a synapse when a spike reaches it: w, its state, and what the two neurons left there. */
typedef enum { ENGRAM_FACTORED = 1, ENGRAM_SYNAPTIC = 2, ENGRAM_GLOBAL = 3, ENGRAM_SPIKING = 4 } engram_form;

/* When a rule is called. */
typedef enum { ENGRAM_EACH_STEP = 1, ENGRAM_END_OF_PHASE = 2, ENGRAM_END_OF_TRIAL = 3 } engram_moment;

/* How the objective must reach the circuit for the rule to make sense.
 * VECTOR: -dL/dr into the apical compartment of the output region. SCALAR: a modulator per trial.
 * CLAMP: the output region is held at its target. NUDGE: -dL/dr into the soma of the output region.
 * ATTENTION: 1 into the apical compartment of the chosen neuron of the output region, 0 into the others. */
typedef enum {
  ENGRAM_DELIVERY_NONE = 0,
  ENGRAM_DELIVERY_VECTOR = 1,
  ENGRAM_DELIVERY_SCALAR = 2,
  ENGRAM_DELIVERY_CLAMP = 3,
  ENGRAM_DELIVERY_NUDGE = 4,
  ENGRAM_DELIVERY_ATTENTION = 5
} engram_delivery;

/* A number that the user may set in the model file. */
typedef struct {
  const char *name;
  const char *unit; /* "" when dimensionless */
  double initial;   /* used when the model file is silent */
  double minimum;   /* inclusive */
  double maximum;   /* inclusive */
  const char *help;
  const char *const *choices; /* NULL for a number; else a NULL-terminated list of words, and the
                                 parameter's value is the index of the chosen word */
} engram_parameter;

/* A signal that the rule reads: `rate` of the ENGRAM_PRE side, `error` of the ENGRAM_POST side, ... */
typedef struct {
  uint32_t place; /* ENGRAM_PRE or ENGRAM_POST */
  const char *name;
} engram_signal;

/* A variable that the host keeps for the rule. It begins as `initial`, or as the weight (see state_from_weight). */
typedef struct {
  uint32_t place; /* per neuron of one side, per synapse, or (N_pre x N_pre, `initial` on the diagonal) per pair of
                     presynaptic neurons, handed to the presynaptic side after its other states */
  const char *name;
  const char *unit;
  double initial;
  uint32_t per_trial; /* 1: one value for each trial of a batch, set to `initial` as each trial begins.
                         0: one value, kept from trial to trial (and stored with the run). */
  const char *help;
} engram_state;

/* What every callback may know: nothing of any neuron. */
typedef struct {
  uint32_t struct_size;
  uint32_t moment;               /* engram_moment: why the rule is called now */
  uint32_t phase;                /* index of the phase within the trial */
  uint32_t phases;               /* phases in a trial */
  uint32_t plastic;              /* 1: what is returned changes the weights. 0: only state moves (a rule with state
                                    that is called at each step is called in phases that are not plastic as well) */
  double time;                   /* ms since the trial began */
  double step;                   /* ms */
  size_t trials;                 /* B */
  const double *parameters;      /* in the order of the table */
  const void *const *modulators; /* in the order of the table; each has B values, one for a trial */
  double objective;              /* strength with which the objective is delivered in this phase; 0: it is not */
} engram_moment_info;

/* One side of a projection (or of a tile of it). */
typedef struct {
  uint32_t struct_size;
  size_t neurons;             /* N */
  size_t trials;              /* B */
  size_t stride;              /* scalars from trial to trial in `signals` and per-trial `state` */
  const void *const *signals; /* those declared for this side, in the order of the table; each N x B */
  void *const *state;         /* those declared for this side, in the order of the table: N x B when
                                 per trial, else N x 1 */
} engram_neurons;

/* Where an error is described. */
typedef struct {
  char *text;      /* one line, NUL-terminated; what stands beyond the capacity is not read */
  size_t capacity; /* ENGRAM_MESSAGE_SIZE */
} engram_message;

/* Factored form. factors[k] points at a buffer of N x B (stride N) to be filled; the callback may
 * instead point factors[k] at one of its own side's signals, which saves the copy. `gain` (N values, the
 * sum over the trials; zero on entry) is NULL unless the table asks for it. */
typedef engram_status (*engram_factors)(const engram_moment_info *, const engram_neurons *side, const void **factors,
                                        void *gain, engram_message *);

/* Synaptic form. A tile of synapses, all pairs of its `post` and `pre` neurons. */
typedef struct {
  uint32_t struct_size;
  engram_neurons pre;  /* the tile's N_pre presynaptic neurons */
  engram_neurons post; /* the tile's N_post postsynaptic neurons */
  const void *weights; /* w_ij at [i + j * stride] */
  void *change;        /* to be added to: the sum over the trials, at [i + j * stride] */
  size_t stride;
  void *const *state; /* ENGRAM_SYNAPSE state, in the order of the table: [i + j * stride], and
                         + b * state_trial_stride for trial b when per trial */
  size_t state_trial_stride;
  const void *perturbation; /* what was added to the weights for the length of this phase, at [i + j * stride];
                               NULL unless the table asks for it, and in phases without noise */
} engram_tile;

typedef engram_status (*engram_synapses)(const engram_moment_info *, const engram_tile *, engram_message *);

/* Moves the one-sided state of a synaptic rule, before its tiles are called; sees its own side alone. */
typedef engram_status (*engram_side)(const engram_moment_info *, const engram_neurons *side, engram_message *);

/* Spiking form: synapses that carry spikes. In a step, for each projection:
 *   1. pre_state and post_state move the states of each side by a step, seeing that side alone;
 *   2. on_pre is called for each presynaptic spike that reaches its synapses now, on_post for each postsynaptic one;
 *   3. pre_spike and post_spike let the neurons that spike add to their own states.
 * So spikes that meet at a synapse do not see each other, unless a state has taken them in by the signal `spike` in 1.
 * A neuron that spikes twice in a step is called on_pre or on_post for twice, and stands twice, one after the other, in
 * the list of those that spike; `spike` is then 2. A spike acts on its targets with the weight that it finds as
 * it reaches the synapse, before on_pre. All states of one side are per trial or shared, and N x 1: a spiking rule
 * learns from one trial at a time. With an axonal (dendritic) delay a synapse sees the presynaptic (postsynaptic)
 * state as it was that long ago. */

/* Synapses of one neuron: those that its spike reaches. */
typedef struct {
  uint32_t struct_size;
  size_t synapses;
  uint32_t neuron;          /* that spiked: index into its side's arrays */
  const uint32_t *others;   /* of synapse k: the neuron at its other end, index into the other side's arrays */
  const uint32_t *places;   /* of synapse k: where it stands in `weights` and `state`; NULL: at k */
  engram_neurons pre, post; /* both whole sides: the signals declared for them, and their state */
  const void *weights;
  void *const *state; /* ENGRAM_SYNAPSE state, in the order of the table */
  void *change;       /* of synapse k at [k], zero on entry: w += rate * change, within the projection's bounds */
} engram_row;

typedef engram_status (*engram_at_spike)(const engram_moment_info *, const engram_row *, engram_message *);
/* The neurons of one side that spike now, ascending; each as often as it spikes. */
typedef engram_status (*engram_spiked)(const engram_moment_info *, const engram_neurons *side, const uint32_t *who,
                                       size_t count, engram_message *);
typedef struct {
  engram_side pre_state, post_state;
  engram_spiked pre_spike, post_spike;
  engram_at_spike on_pre, on_post; /* one of them at the least */
  engram_at_spike sweep; /* all synapses of each presynaptic neuron, every so many ms (see sweep_every); may be NULL */
} engram_spike_callbacks;

/* Global form. With engram_rule.spike_times pull_back gives the gradient through the times at which
 * neurons reach their threshold, which exists where potentials move without jumps: a model with anything else is
 * refused before it runs. */
typedef struct {
  const char *name;
  size_t posts, pres;  /* N_post, N_pre */
  const void *weights; /* N_post x N_pre */
  uint32_t plastic;    /* 1 when this rule is attached to it */
} engram_projection;

typedef struct {
  uint32_t struct_size;
  void *host;   /* first argument of the functions below */
  size_t steps; /* steps of the trial that was simulated */
  size_t projections;
  const engram_projection *projection;
  /* Makes the states of steps first .. last - 1 available, simulating again from the last state that
   * was kept at or before `first`. */
  engram_status (*replay)(void *host, size_t first, size_t last, engram_message *);
  /* Takes the gradient of the objective from after step `step` to before it: adds -dL/dw of this step to
   * the change of each plastic projection. Steps are taken from the last to the first; the state of
   * `step` must be available. */
  engram_status (*pull_back)(void *host, size_t step, engram_message *);
} engram_network;

typedef engram_status (*engram_global)(const engram_moment_info *, const engram_network *, engram_message *);
/* Which states the host keeps while it simulates: those of steps 0, k, 2k, ... */
typedef size_t (*engram_keep_every)(const double *parameters, size_t steps);

typedef struct {
  engram_factors pre_factors, post_factors; /* FACTORED */
  engram_side pre_state, post_state;        /* SYNAPTIC, may be NULL */
  engram_synapses synapses;                 /* SYNAPTIC */
  engram_global global;                     /* GLOBAL */
} engram_callbacks;

/* The table. The first two fields never move, so that a table of any version can be told by them. */
typedef struct {
  uint32_t table_size;  /* sizeof(engram_rule) */
  uint32_t abi_version; /* ENGRAM_ABI_VERSION */
  const char *name;
  const char *summary;          /* one line */
  const char *reference;        /* author, year, title or equation */
  uint32_t form;                /* engram_form */
  uint32_t moment;              /* engram_moment */
  uint32_t local;               /* 1: local, as checked by `engram check-rule` */
  uint32_t delivery;            /* engram_delivery */
  uint32_t factors;             /* K, FACTORED */
  uint32_t pre_gain, post_gain; /* 1: the side also gives a gain, FACTORED */
  const engram_parameter *parameters;
  size_t parameter_count;
  const engram_signal *signals;
  size_t signal_count;
  const char *const *modulators; /* "loss", "reward", "reward_prediction_error" of the objective; what another name
                                    stands for ("dopamine"), the model file says */
  size_t modulator_count;
  const engram_state *states;
  size_t state_count;
  engram_callbacks callbacks[2]; /* by engram_precision; NULL where a precision is not offered */
  engram_keep_every keep_every;  /* GLOBAL, NULL: keep every state */
  uint32_t perturbation; /* SYNAPTIC: 1 + index of the parameter that is the standard deviation of what the host adds
                            to each weight, drawn anew for each batch and phase with noise; 0: nothing is added */
  uint32_t sweep_every;  /* SPIKING: 1 + index of the parameter that is the time between sweeps (ms), a multiple of the
                            step: the callbacks are told the time that the host keeps. A trial that ends within an
                            interval ends with a sweep, which is told the time that has passed; 0: no sweeps */
  engram_spike_callbacks spiking[2]; /* SPIKING, by engram_precision */
  const uint32_t *state_late; /* SPIKING, by state of one side: 1 + index of the parameter that is the time (ms) by
                                 which on_pre, on_post and sweep see it late, beyond the delays of the synapse; 0: as it
                                 is. NULL: all as they are. */
  const uint32_t *state_from_weight; /* SYNAPTIC, SPIKING, by state: 1: an ENGRAM_SYNAPSE state that begins as the
                                        weight that the synapse has then (its `initial` is 0). 0: as `initial`. NULL:
                                        none begins as a weight. */
  uint32_t spike_times; /* GLOBAL: by what the gradient goes back through a spike. 0: by the surrogate slope of the
                           spike. 1: by the time of the spike, which is then exact. */
} engram_rule;

typedef const engram_rule *(*engram_entry_point)(void);

#if defined(__GNUC__)
#define ENGRAM_EXPORT __attribute__((visibility("default")))
#else
#define ENGRAM_EXPORT
#endif

#ifdef __cplusplus
}
#endif
/* NOLINTEND(modernize-use-using) */
#endif
