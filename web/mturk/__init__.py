"""The Mechanical Turk door: `POST /` with X-Amz-Target, signed by AWS Signature Version 4, in JSON 1.1.

An operation is a line in `operations/<what>.py`: its name, what a key must be allowed to, the service, and how what
the service returns is written. Inputs are checked by `model.json`, the shapes of Amazon's own model (shapes.py); a
service gets them by the names of its parameters: `MaxResults` is `max_results`. Errors: faults.py and
domain/mturk/hits.py. The contract, with every difference from Amazon's: docs/mturk.md.
"""
