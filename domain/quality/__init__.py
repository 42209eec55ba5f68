"""Quality: rank workers, aggregate answers. Pure: values in, values out; domain/work/dispatch allocates tasks by them.

crowd                               a crowd's answers as arrays
model                               the one model of answers that are classes; how often anybody is right
live, refit                         plain values between two answers: update; all of them anew
stacking                            from a posterior to a confidence: weights from gold, or what is usual
machine/                            answers of models (AI) as further voters: what is learnt, what speaks against them,
                                    whom to ask then
intervals                           accuracy with its interval
agreement, figures                  Krippendorff's α, κ, percent; classes against gold; what gold changed
trust, aggregation, robust_numbers  answers that are not one choice: rank, aggregate
options_apart                       several options that apply: misses, wrong options, usual sets
comparisons                         strengths of compared items
learners/                           one protocol of refits and consensus, picked by the answer kind
gold_candidates                     which tasks to check, which may be gold
collusion                           groups that answer by one key; who repeats a model
knowing, leaked_gold                how often workers know the answer; who knows the gold and nothing else
"""
