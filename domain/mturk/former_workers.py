"""Workers of Amazon's who come here: a requester saved their ids and values; they say their id once."""

from hashlib import sha256

TEST = """<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd">
<Question><QuestionIdentifier>worker</QuestionIdentifier><IsRequired>true</IsRequired>
<QuestionContent><Text>What was your worker ID at Amazon Mechanical Turk? It begins with A.</Text></QuestionContent>
<AnswerSpecification><FreeTextAnswer><Constraints><Length minLength="8" maxLength="64"/></Constraints></FreeTextAnswer>
</AnswerSpecification></Question></QuestionForm>"""
QUESTION = "worker"
SECONDS = 3_600  # for the test
AGAIN = 86_400  # seconds after which it can be taken again


def hash_of(worker_id: str) -> str:
    """The id itself is not kept."""
    return sha256(worker_id.strip().upper().encode()).hexdigest()
