/* engram/environment.h is the C interface between engram (the host) and an environment (the plugin): what a circuit
 * acts on, and what answers.
 *
 * An environment is a shared library with one exported function, `engram_environment_table`, which returns a static
 * table: what it is called, its parameters, what it sees of a circuit and shows to it, the columns that it adds to the
 * table of trials, and its functions. C++ authors use engram/environment.hpp, which makes the table from one struct.
 *
 * Trials: a function is called for one trial. Trials of a batch run side by side and end at different times. What a
 *         trial remembers stands in `state`: a plugin has no globals, and none of its trials knows of another.
 * Random numbers: the host draws them. A number follows from the seed, the trial, a stream and an index, whatever was
 *         drawn before.
 * Memory: every array belongs to the host, and is valid during the call alone.
 * Numbers: are double, in any precision of the run. Times are in ms, or in steps.
 * Errors: a callback that cannot go on writes one line into the message and returns ENGRAM_FAILED. No C++ exception may
 *         leave a callback.
 * Process: as plugin.h says of rules: an environment leaves the process as it found it.
 * Versions: exact match, of this version and of the table's size; any other table is refused with both numbers.
 */
#ifndef ENGRAM_ENVIRONMENT_H
#define ENGRAM_ENVIRONMENT_H

#include <engram/plugin.h>
/* NOLINTBEGIN(modernize-use-using): this is C. */

#ifdef __cplusplus
extern "C" {
#endif

#define ENGRAM_ENVIRONMENT_ABI_VERSION 1u
#define ENGRAM_ENVIRONMENT_ENTRY_POINT "engram_environment_table"

/* Limits, beside those of plugin.h. */
#define ENGRAM_MAX_CHANNELS 16         /* that are seen, or shown */
#define ENGRAM_MAX_COLUMNS 64          /* of the table of trials */
#define ENGRAM_MAX_TRIAL_NUMBERS 65536 /* that a trial remembers, or of its course of events */

/* A signal that is seen of a region, or a stimulus that is shown to one. */
typedef struct {
  const char *name;
  const char *help;
  size_t fewest, most; /* neurons of the region; most 0: any number */
  uint32_t optional;   /* 1: a model need not join it to a region; what is shown never must be */
} engram_channel;

typedef enum {
  ENGRAM_COLUMN_NUMBER = 0, /* NaN where nothing is known */
  ENGRAM_COLUMN_INTEGER,    /* -1 where nothing is known */
  ENGRAM_COLUMN_TRUTH       /* 0 or 1 */
} engram_column_kind;

/* What is added to the table of trials. `choice` and `label` are those that every table has: what was chosen, and what
 * is right. */
typedef struct {
  const char *name;
  const char *help;
  engram_column_kind kind;
} engram_column;

typedef struct {
  const double *values; /* of this step, one for each neuron; NULL where the channel is joined to nothing */
  size_t neurons;
} engram_seen;

typedef struct {
  double *values; /* what is shown from the next step on; it stays until it is changed. NULL as above */
  size_t neurons;
} engram_shown;

/* Random numbers of this trial: number `index` of a stream. */
typedef struct engram_random engram_random;
typedef struct {
  const engram_random *of;
  double (*uniform)(const engram_random *, uint32_t stream, uint64_t index); /* in (0, 1) */
  double (*normal)(const engram_random *, uint32_t stream, uint64_t index);  /* mean 0, variance 1 */
} engram_draw;

/* One trial in one step. Lists are in the order of the table. */
typedef struct {
  uint32_t struct_size;
  const double *parameters; /* of a choice the index of the word */
  double step_ms;
  uint64_t step;        /* of the trial, from 0 */
  uint64_t number;      /* of the trial in its epoch, from 0 */
  const double *course; /* of this trial; see `next` */
  const engram_seen *sees;
  const engram_shown *shows;
  double *state;   /* 0 as the trial begins */
  double *columns; /* nothing is known as the trial begins */
  engram_draw draw;
} engram_trial;

/* What happens in a step. It comes as 0, and choice as -1. */
typedef struct {
  uint32_t struct_size;
  double reward;
  uint32_t outcome; /* 1: what was expected comes, or does not: the reward, 0 too, is compared with it */
  uint32_t ends;    /* 1: the trial ends with this step */
  int64_t choice;   /* the neuron of the first channel that is chosen in this step; -1: none */
} engram_happening;

/* The course of events of a trial: what is going to happen whatever the circuit does, as chances that drift. */
typedef struct {
  uint32_t struct_size;
  const double *parameters;
  uint64_t number;  /* of the trial */
  engram_draw draw; /* of its course; there is one stream, 0 */
} engram_events;

typedef struct {
  /* Sets the course of events of a trial; `before` is that of the trial before, NULL for the first. NULL without one.
   */
  engram_status (*next)(const engram_events *, const double *before, double *now, engram_message *);
  /* The trial begins: sets what is shown in its first step. */
  engram_status (*begin)(const engram_trial *, engram_message *);
  /* A step, after its signals are known. */
  engram_status (*step)(const engram_trial *, engram_happening *, engram_message *);
} engram_environment_callbacks;

/* The table. The first two fields never move, so that a table of any version can be told by them. */
typedef struct {
  uint32_t table_size;  /* sizeof(engram_environment) */
  uint32_t abi_version; /* ENGRAM_ENVIRONMENT_ABI_VERSION */
  const char *name;
  const char *summary;   /* one line */
  const char *reference; /* author, year, title or equation */
  uint32_t chooses;      /* 1: one neuron of the first channel that it sees is chosen */
  const engram_parameter *parameters;
  size_t parameter_count;
  const uint32_t *in_steps; /* by parameter: 1: a time (ms) that must be a multiple of the time step. NULL: none is */
  const engram_channel *sees;
  size_t sees_count; /* at least 1 */
  const engram_channel *shows;
  size_t shows_count;
  const engram_column *columns;
  size_t column_count;
  size_t state_count;  /* numbers that a trial remembers */
  size_t course_count; /* numbers of the course of events */
  engram_environment_callbacks callbacks;
} engram_environment;

typedef const engram_environment *(*engram_environment_entry_point)(void);

#ifdef __cplusplus
}
#endif
/* NOLINTEND(modernize-use-using) */
#endif
