"""Validating answers: rank workers, aggregate answers, allocate tasks. Pure: values in, values out.

crowd         what a crowd said, as arrays       moments       how often one answer is right
confusion     rank: worker models                skill         rank: accuracy with its uncertainty
consensus     aggregate: one model of the crowd  averaging     aggregate: several, weighted by foresight
calibration   posterior → confidence             information   what an answer is expected to tell
live          plain values between answers       worth         allocate: is an answer worth buying
"""
