"""Validating answers: rank workers, aggregate answers, allocate tasks. Pure: values in, values out.

crowd, moments, special       what a crowd said; how often one answer is right
confusion, skill              rank: what a worker answers when the truth is k; accuracy with its interval
consensus, averaging          aggregate: one model of the crowd; several, weighted by foresight
calibration                   aggregate: from a model's posterior to a confidence
trust, comparisons            aggregate: answers that are not one choice (their methods: aggregation/)
learners                      all of it for a project, by class or by agreement, as its answer kind picks
live                          plain values between two answers: update, refit
information, worth, offer     allocate: what an answer tells; is it worth buying; which task
habits, evidence, sleepers    fraud: what honest work looks like here; evidence with its parts, for a person to weigh
copies, rings                 fraud: pairs, and groups who answer by one key; consensus is drawn without them
doubts, copying               fraud in answers that are not one choice: met by nobody, copied, handed in again
suspicion                     fraud: all of it for the workers of one project
"""
