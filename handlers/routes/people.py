"""About oneself: onboarding, settings, leaving."""

from handlers.payloads.people import (
    Agree,
    AskToForget,
    AskToWithdraw,
    Begin,
    ChangeSetting,
    ChooseLanguage,
    Forget,
    GetMyData,
    OpenSettings,
    PauseHere,
    PressOutdated,
    SetRole,
    ShowDashboard,
    ShowHelp,
    ShowPrivacy,
    ShowSettings,
    ShowTerms,
    Speak,
    Start,
    TypeUnknown,
    Withdraw,
)
from handlers.routing import ADMIN, EVERYBODY, WORKER, Route
from services.people import dashboard, erasure, onboarding, roles, settings

ROUTES = (
    Route(
        OpenSettings,
        WORKER,
        settings.open_,
        command="settings",
        usage="[PLACE]",
        means="days, hours, how often, daily goal, which tasks",
    ),
    Route(ShowSettings, WORKER, settings.show),
    Route(ChangeSetting, WORKER, settings.change),
    Route(PauseHere, WORKER, settings.pause),
    Route(Start, EVERYBODY, onboarding.start, command="start", means="begin"),
    Route(Agree, EVERYBODY, onboarding.agree),
    Route(Begin, EVERYBODY, onboarding.begin),
    Route(ShowHelp, EVERYBODY, onboarding.help_, command="help", means="this list"),
    Route(ChooseLanguage, EVERYBODY, onboarding.choose_language, command="language", means="English or French"),
    Route(Speak, EVERYBODY, onboarding.speak),
    Route(ShowTerms, EVERYBODY, onboarding.terms, command="terms", means="what we owe each other"),
    Route(ShowPrivacy, EVERYBODY, onboarding.privacy, command="privacy", means="what is kept about you, and why"),
    Route(GetMyData, EVERYBODY, onboarding.mydata, command="mydata", means="a file with all that is kept about you"),
    Route(
        SetRole, ADMIN, roles.set_role, command="role", usage="PERSON requester on/off", means="who may open projects"
    ),
    Route(AskToForget, EVERYBODY, erasure.ask, command="forget", means="erase what is kept about you"),
    Route(
        AskToWithdraw,
        EVERYBODY,
        erasure.ask_withdraw,
        command="forget",
        usage="N",
        means="take your answers back from one project",
    ),
    Route(Forget, EVERYBODY, erasure.answer),
    Route(Withdraw, EVERYBODY, erasure.withdraw),
    Route(ShowDashboard, ADMIN, dashboard.show, command="admin", means="how the bot is doing", beside=dashboard.look),
    Route(TypeUnknown, EVERYBODY, onboarding.lost),
    Route(PressOutdated, EVERYBODY, onboarding.press_outdated),
)
