"""Every word of a project's data sheet: the page is made later, in its requester's language. Names in braces are filled
then. It is written for readers of the results, who do not know the bot."""

from locales import Translator


def words(t: Translator) -> dict[str, str]:
    return {
        "title": t.plain("Data sheet"),
        "footer": t.plain(
            "{platform} · project {number} · {day}", platform="{platform}", number="{number}", day="{day}"
        ),
        **_asked(t),
        **_done(t),
        **_measured(t),
        **_paid(t),
        **_limits(t),
    }


def _asked(t: Translator) -> dict[str, str]:
    return {
        "asked": t.plain("What was asked"),
        "question": t.plain("Instructions"),
        "kind": t.plain("Kind of answer"),
        "tasks": t.plain("Tasks"),
        "tasks_are": t.plain("{closed} of {tasks} done, beside {gold} check questions with a known answer", closed="{closed}", tasks="{tasks}", gold="{gold}"),
        "purpose": t.plain("Purpose, as workers read it"),
    }  # fmt: skip


def _done(t: Translator) -> dict[str, str]:
    return {
        "who": t.plain("Who answered, when and how"),
        "workers": t.plain("Workers"),
        "workers_are": t.plain("{workers}; the busiest gave {share} of the answers", workers="{workers}", share="{share}"),
        "languages": t.plain("Languages wanted"),
        "when": t.plain("When (UTC)"),
        "from_to": t.plain("{first} to {last}", first="{first}", last="{last}"),
        "answers": t.plain("Answers"),
        "answers_are": t.plain("{answers}, of which {silent} say “can't tell”; {each} a task on average", answers="{answers}", silent="{silent}", each="{each}"),
        "wanted": t.plain("Asked for"),
        "fixed": t.plain("{least} answers a task", least="{least}"),
        "until": t.plain("{least} to {most} answers a task, until a confidence of {confidence}", least="{least}", most="{most}", confidence="{confidence}"),
        "result": t.plain("How results are made"),
        "weighed": t.plain("From all answers of a task, each weighed by how often its worker is right, by check questions and by the others' answers"),
        "unweighed": t.plain("Every answer is a result of its own: nothing is put together"),
        "models": t.plain("Models"),
        "models_are": t.plain("Answers of {count} models weigh in as further voters. No worker saw them. Tasks decided without people: {alone}", count="{count}", alone="{alone}"),
        "tools": t.plain("Made with a tool"),
        "tools_are": t.plain("{count} answers, by their workers' own word", count="{count}"),
    }  # fmt: skip


def _measured(t: Translator) -> dict[str, str]:
    return {
        "agreement": t.plain("Agreement and confidence"),
        "alpha": t.plain("Krippendorff's α"),
        "alpha_masi": t.plain("Krippendorff's α (MASI)"),
        "alpha_kendall": t.plain("Krippendorff's α (Kendall)"),
        "alpha_places": t.plain("Krippendorff's α (best, worst)"),
        "alpha_is": t.plain("{alpha} (95 % interval {low} to {high}; {tasks} tasks with several answers)", alpha="{alpha}", low="{low}", high="{high}", tasks="{tasks}"),
        "alpha_undefined": t.plain("not defined: all answers to the {tasks} tasks with several are the same", tasks="{tasks}"),
        "kappa": t.plain("Fleiss' κ"),
        "percent": t.plain("Same answer"),
        "percent_is": t.plain("{share} of pairs of answers to a task", share="{share}"),
        "gold": t.plain("Right on check questions"),
        "gold_is": t.plain("{right} of {checked} results that did not know them (95 % interval {low} to {high})", right="{right}", checked="{checked}", low="{low}", high="{high}"),
        "sure": t.plain("Confidence"),
        "sure_is": t.plain("{share} of the results have 90 % or more, {less} less than 70 %", share="{share}", less="{less}"),
        "unmeasured": t.plain("Agreement"),
        "unmeasured_is": t.plain("Not measured: too few tasks have several answers, or answers of this kind have no measure"),
    }  # fmt: skip


def _paid(t: Translator) -> dict[str, str]:
    return {
        "pay": t.plain("Pay and consent"),
        "each": t.plain("Pay of an answer"),
        "each_is": t.plain("{pay}; half of the answers took less than {time}, which is {hourly} an hour", pay="{pay}", time="{time}", hourly="{hourly}"),
        "each_is_short": t.plain("{pay}; half of the answers took less than {time}, too little to say what that is an hour", pay="{pay}", time="{time}"),
        "total": t.plain("Paid in all"),
        "total_is": t.plain("{workers} to workers, {platform} to the platform; {rejected} answers were rejected", workers="{workers}", platform="{platform}", rejected="{rejected}"),
        "consent": t.plain("Consent"),
        "consent_is": t.plain("Every worker saw task, pay and purpose, and agreed, before their first answer. {count} took their answers back: these are in no file made since", count="{count}"),
        "consent_no_purpose": t.plain("Every worker saw task and pay, and agreed, before their first answer; no purpose was given. {count} took their answers back: these are in no file made since", count="{count}"),
        "names": t.plain("Names"),
        "names_are": t.plain("Files name workers by pseudonyms that differ from requester to requester"),
    }  # fmt: skip


def _limits(t: Translator) -> dict[str, str]:
    return {
        "limits": t.plain("What this does not say"),
        "sample": t.plain("The workers chose this work themselves: they stand for no population."),
        "alike": t.plain("An error that most people make looks like agreement. Only check questions show it."),
        "unchecked": t.plain("No ten check questions were answered: confidences are an estimate from other crowds, off by 7 points on average and by 17 in the worst."),
        "certainty": t.plain("No ten check questions were answered: a confidence is how certain the crowd is, as if people shared no errors. On other crowds it was 18 points too high on average, 35 in the worst."),
        "modelled": t.plain("No ten check questions were answered: a confidence is what the model of such answers says, and nothing here has checked it."),
        "checked": t.plain("Confidences are weighed by the check questions: off by about 6 points on average, more where check questions are unlike the other tasks."),
        "model_limit": t.plain("Models and people may share errors; results are not independent of the models."),
        "running": t.plain("The project has not ended: this is how things stand now."),
    }  # fmt: skip
