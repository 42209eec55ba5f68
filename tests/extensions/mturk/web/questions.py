"""Questions as programs send them."""

FORM = """<?xml version="1.0" encoding="UTF-8"?>
<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd">
  <Overview><Title>A cat?</Title><Text>Look at the sentence: {about}</Text></Overview>
  <Question>
    <QuestionIdentifier>animal</QuestionIdentifier><DisplayName>Animal</DisplayName><IsRequired>true</IsRequired>
    <QuestionContent><Text>Which animal is it?</Text></QuestionContent>
    <AnswerSpecification><SelectionAnswer><StyleSuggestion>radiobutton</StyleSuggestion><Selections>
      <Selection><SelectionIdentifier>cat</SelectionIdentifier><Text>A cat</Text></Selection>
      <Selection><SelectionIdentifier>dog</SelectionIdentifier><Text>A dog &amp; more</Text></Selection>
    </Selections></SelectionAnswer></AnswerSpecification>
  </Question>
  <Question>
    <QuestionIdentifier>why</QuestionIdentifier><IsRequired>true</IsRequired>
    <QuestionContent><Text>Why?</Text></QuestionContent>
    <AnswerSpecification><FreeTextAnswer><Constraints><Length minLength="2" maxLength="200"/></Constraints>
    </FreeTextAnswer></AnswerSpecification>
  </Question>
</QuestionForm>"""


def form(about: str = "it purrs") -> str:
    return FORM.format(about=about)
