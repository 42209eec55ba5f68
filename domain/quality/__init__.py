"""Quality: rank workers, aggregate answers, allocate tasks. Pure: values in, values out.

crowd, special_functions            a crowd's answers as arrays; functions numpy lacks
confusion, skill                    rank: P(answer | truth) of each worker; accuracy with its interval
trust                               rank, for kinds without classes
consensus, averaging                aggregate: one model of the crowd; several, weighted by prediction
calibration, stacking               aggregate: from a model's posterior to a confidence; weights from gold
learners/                           one protocol of refits and evidence, picked by the answer kind
comparisons, aggregation/           aggregate: strengths of compared items; kinds that are not one choice
live                                plain values between two answers: update, refit
machine/                            answers of models (AI) as further voters; whom to ask then
information, offer                  allocate: information of an answer; which task
gold_challenges, restrictions       when gold is doubted; effects of evidence against a worker
silence                             “can't tell” where others can
fraud/habits, evidence, change_point  honest work in this crowd; evidence with its parts
fraud/pair_agreement, collusion     pairs, and groups that answer by one key
fraud/plagiarism, suspicion_by_agreement  copied text and files; answers that are not one choice
fraud/suspicion                     all of it for the workers of one project
"""
