/* engram/objective.h is the C interface between engram (the host) and a term of the objective (the plugin).
 *
 * A term is a shared library with one exported function, `engram_objective_table`, which returns a static table: what
 * the term is called, its parameters, what it compares a signal with, and the functions that compute its loss. Every
 * function takes all neurons of a region and all trials of a batch at once. C++ authors use engram/objective.hpp, which
 * makes the table and all functions, gradient and Hessian product included, from one struct.
 *
 * Memory: every array belongs to the host, and is valid during the call alone. A plugin has no globals.
 * Layout: N neurons, B trials. A signal is N x B, column-major: neuron i in trial b at [i + b N].
 * Scalars: `void *` arrays hold float or double, by the precision of the run: callbacks[ENGRAM_SINGLE] are called with
 *         float arrays, callbacks[ENGRAM_DOUBLE] with double ones.
 * Trials: the loss of a trial follows from this trial alone, unless the table says `across_trials`.
 * Errors: a callback that cannot go on writes one line into the message and returns ENGRAM_FAILED. No C++ exception may
 *         leave a callback.
 * Process: as plugin.h says of rules: a term leaves the process as it found it.
 * Versions: exact match, of this version and of the table's size; any other table is refused with both numbers.
 */
#ifndef ENGRAM_OBJECTIVE_H
#define ENGRAM_OBJECTIVE_H

#include <engram/plugin.h>
/* NOLINTBEGIN(modernize-use-using): this is C. */

#ifdef __cplusplus
extern "C" {
#endif

#define ENGRAM_OBJECTIVE_ABI_VERSION 1u
#define ENGRAM_OBJECTIVE_ENTRY_POINT "engram_objective_table"

/* What the signal is compared with. */
typedef enum {
  ENGRAM_TARGET_GIVEN = 0, /* the task's targets or labels (1 at the label, 0 elsewhere), or what "target" names: an
                              array of the stimuli, or another region's signal */
  ENGRAM_TARGET_ARRAY,     /* the same, but no region's signal */
  ENGRAM_TARGET_NOTHING,   /* the signal itself is judged */
  ENGRAM_TARGET_SIGNAL,    /* a region's signal, which "target" must name */
  ENGRAM_TARGET_LATER,     /* the same signal later ("delay"), or what "target" names */
  ENGRAM_TARGET_LABELS,    /* the labels of the trials as numbers, 1 x B; a batch has two trials or more */
  ENGRAM_TARGET_BEFORE     /* the same signal, a step before */
} engram_target;

/* What is compared in one step. */
typedef struct {
  uint32_t struct_size;
  size_t neurons;           /* N */
  size_t trials;            /* B */
  size_t target_rows;       /* N; of labels 1; of nothing 0 */
  const double *parameters; /* in the order of the table; of a choice the index of the word */
  double step;              /* of time, ms */
  const void *signal;       /* N x B */
  const void *target;       /* target_rows x B, or NULL. NaN: missing; only where the table says `masks` */
} engram_compared;

typedef struct {
  /* loss[b], B: the loss of each trial. */
  engram_status (*loss)(const engram_compared *, void *loss, engram_message *);
  /* signal = d(sum of the losses)/d(signal), N x B; target = the same by the target, 0
   * where it is missing. Each may be NULL. */
  engram_status (*gradient)(const engram_compared *, void *signal, void *target, engram_message *);
  /* signal = H v, N x B, H the second derivatives of the sum of the losses by the signal; target = the mixed ones,
   * d2/d(target)d(signal) v. Each may be NULL. */
  engram_status (*hessian_product)(const engram_compared *, const void *v, void *signal, void *target,
                                   engram_message *);
} engram_objective_callbacks;

/* The table. The first two fields never move, so that a table of any version can be told by them. */
typedef struct {
  uint32_t table_size;  /* sizeof(engram_objective) */
  uint32_t abi_version; /* ENGRAM_OBJECTIVE_ABI_VERSION */
  const char *name;
  const char *summary;   /* one line: the formula */
  const char *reference; /* author, year, title or equation */
  engram_target target;
  uint32_t masks;         /* 1: entries of the target that are NaN are left out; else a target may have none */
  uint32_t counts;        /* 1: entries of the target are counts, which are not negative */
  uint32_t across_trials; /* 1: the loss of a trial hangs on the others of its batch */
  const engram_parameter *parameters;
  size_t parameter_count;
  engram_objective_callbacks callbacks[2]; /* by engram_precision; both are to be there */
} engram_objective;

typedef const engram_objective *(*engram_objective_entry_point)(void);

#ifdef __cplusplus
}
#endif
/* NOLINTEND(modernize-use-using) */
#endif
