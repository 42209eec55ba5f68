"""The table of scenarios, and of controls that the campaign must detect."""

from dataclasses import replace

from benchmarks.faults import calls, deliveries, hours, killing, people, storages
from benchmarks.faults.scenario import SMALL, Scenario
from domain.moments import Moment
from faults import cluster
from faults.campaign import Plan
from faults.controls import CONTROLS, Control

ROUND = Plan(kills=25, workers=32, tasks=440, gold=44)
AWAY = ("Unavailable", "OperationalError", "AdminShutdown", "DiskFull")
CLOCK = ("reads_another_clock",)
TWO_HOURS = {"minutes": 120}
FEW = replace(SMALL, tasks=30, gold=3, plans=2)
LAST = replace(SMALL, kills=6, workers=16, tasks=6, gold=0, plans=0, project={"overlap": 1, "max_overlap": 1})
AUTUMN = Moment(1_792_889_990_000)  # 2026-10-25, ten seconds before three o'clock becomes two in Paris

SCENARIOS = (
    Scenario(killing.killed_at_random, ROUND),
    Scenario(killing.killed_between_inbox_and_offset),
    Scenario(killing.killed_between_effect_and_send),
    Scenario(killing.killed_between_send_and_mark, replace(SMALL, patience=1_000)),
    Scenario(killing.two_processes_killed_in_turn),
    Scenario(cluster.many_processes, replace(SMALL, running=3, tasks=120, gold=12), ("postgresql",)),
    Scenario(cluster.four_processes, replace(SMALL, running=4, tasks=120, gold=12), ("postgresql",)),
    Scenario(deliveries.delivered_five_times_and_mixed),
    Scenario(deliveries.delivered_by_webhook_five_times),
    Scenario(deliveries.another_receiver_of_the_same_bot),
    Scenario(deliveries.an_outage_of_25_hours, replace(SMALL, bots=CLOCK)),
    Scenario(calls.telegram_answers_502, replace(SMALL, patience=1_000)),
    Scenario(calls.one_chat_told_to_wait_an_hour, replace(SMALL, bots=CLOCK, project=TWO_HOURS)),
    Scenario(calls.all_chats_told_to_wait_an_hour, replace(SMALL, bots=CLOCK, project=TWO_HOURS)),
    Scenario(calls.blocked_with_a_task_in_hand, FEW),
    Scenario(calls.connection_cut_around_the_send, replace(SMALL, patience=1_000)),
    Scenario(calls.slow_and_sliced_answers),
    Scenario(storages.disk_full_at_commit, replace(SMALL, forgives=AWAY)),
    Scenario(storages.database_locked_by_another, replace(SMALL, forgives=AWAY)),
    Scenario(storages.database_restarted_at_once, replace(SMALL, forgives=AWAY), ("postgresql",)),
    Scenario(storages.server_fails_over_to_its_standby, replace(SMALL, forgives=AWAY), ("postgresql",)),
    Scenario(storages.serialization_failures, SMALL, ("postgresql",)),
    Scenario(hours.clocks_jump_by_hours, replace(SMALL, bots=CLOCK)),
    Scenario(hours.summer_ends_and_begins, replace(SMALL, bots=CLOCK, starts=AUTUMN)),
    Scenario(hours.time_is_up_as_the_answer_comes, replace(SMALL, bots=CLOCK)),
    Scenario(people.two_schedulers_at_once, replace(SMALL, bots=CLOCK)),
    Scenario(people.one_person_floods),
    Scenario(people.the_last_place_wanted_by_sixteen, LAST),
    Scenario(people.stopped_with_everybody_at_work),
    Scenario(people.pay_raised_with_everybody_at_work, replace(SMALL, plans=2)),
)

NAIVE = Control("places counted before they are taken, by two", "counts_places_first", "last place was theirs")
TAKEN_AWAY = (
    *(Scenario(killing.killed_at_random, control.campaign, control=control) for control in CONTROLS),
    Scenario(
        people.the_last_place_wanted_by_sixteen,
        replace(LAST, bots=(NAIVE.bot,), kills=2),
        ("postgresql",),
        control=NAIVE,
    ),
)
