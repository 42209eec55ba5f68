"""What speaks against workers, or against gold, and what follows from it: evidence for people who look into it. Pure.

evidence                  one suspicion in nats, and what it calls for
restrictions              a worker's restriction in a project, and who decides about it until when
suspicions                all that a project's answers say against their workers
examination               the evidence of a project, by worker
gold_challenges           a gold answer that is contested or contradicted, and its requester's deadline
guessing, unmet           answers that follow no truth, also where they are no classes; “can't tell”
plagiarism                copied text and files; typed answers that a machine wrote

The models are those of domain/quality, which knows nothing of this.
"""
