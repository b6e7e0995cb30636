"""Throughput of extraction, beside a bare automaton scan of the same text in the same run.

    python benchmarks/throughput.py [--smoke] [--megabytes N]

The text is made on the spot from the rule pack's own names and fixed sentence frames of many shapes (a fixed seed, so every run
reads the same text; hardly a sentence stands in it twice). *Dense* text is military sentences only; *mixed* text has one in ten, the
rest is everyday prose. CPU time of one core is counted, best of the repeats; the rule pack is loaded before. Figures are printed as
MB/s and as a ratio to the scan.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable

from inventory.api import extract
from inventory.extraction import scan
from inventory.model import Document
from inventory.rulebook.book import Rulebook
from inventory.rulebook.load import load_rulebook

FRAMES = (
    "{A} has deployed {n} {E} to {L}, officials in {L2} said on {day}.",
    "The {ord} {U} lost {n} {E} and {n2} {E2} near {L} last week.",
    "Some {n} {adj} soldiers with {n2} {E} arrived in {L} to join the exercise.",
    "{A} will send {n} {E} to {A2} next month, according to its defence ministry.",
    "At least {n} {E} were destroyed outside {L}, the {adj} army claimed.",
    "{A} ordered {n} {E} in 2021 and has received {n2} so far.",
    "Observers counted {n} {E} and a {E2} on the road between {L} and {L2}.",
    "Up to {n} troops of the {ord} {U} have moved from {L} to {L2} since {day}.",
    "The frigate sailed past {L} with {n} {E} on board, a {adj} officer reported.",
    "{A} denied that it keeps {n} {E} at {L}.",
    "Near {L}, where the front has hardly moved since {day}, a column of {n} {E} came under fire.",
    "It was not clear whether the {E} that burned in {L} belonged to {A} or to {A2}.",
    "Among the equipment pledged by {A} are {n} {E}, {n2} {E2} and a field hospital.",
    "Having lost {n} {E} in a month, the {ord} {U} was pulled back to {L}.",
    "{A2} asked {A} for {n} more {E}, but its parliament has yet to vote.",
    '"We saw {n2} {E} leave {L} before dawn," a resident of {L2} told reporters.',
    "{n} {E} and {n2} {E2}: that is all that {A} still has in service, an analyst said.",
    "The {adj} defence minister confirmed on {day} that {n} {E} had been handed over.",
    "If {A} delivers the {n} {E} it has promised, the {ord} {U} could be ready by autumn.",
    "Satellite images taken over {L} on {day} show {n} {E} parked beside the runway.",
    "Of the {n} {E} sent to {L}, {n2} have been damaged and three abandoned.",
    "A {adj} {E2} was shot down over {L}; its crew of four was captured.",
    "More than {n} soldiers were wounded when a {E2} struck their barracks in {L}.",
    "{A} and {A2} began a joint exercise off {L} on {day} with {n2} {E}.",
    "The {ord} {U}, which is based in {L}, is being equipped with {n} {E}.",
    "There are between {n2} and {n} {E} at the base in {L}, the report estimates.",
    "Neither {A} nor {A2} would say how many {E} remain in {L}.",
    "Two battalions of the {ord} {U} left {L} for {L2} by train, taking {n2} {E} with them.",
    "{A} is likely to station {n} {E} in {A2} permanently, two diplomats said.",
    "The delivery of {n} {E} to {A2} by {A} was delayed until {day}.",
    "No {E} were seen in {L} on {day}, although {n2} had been there a week earlier.",
    "After the fall of {L}, {n} {adj} troops surrendered and {n2} {E} were seized.",
    "Production of the {E2} has resumed in {L}, with {n} units a year planned.",
    "{A} withdrew its last {n2} {E} from {L} on {day} and closed the base.",
    "An air strike on {L} killed {n2} fighters and destroyed a {E2}, a monitoring group said.",
    "Dozens of {E} crossed the border near {L}, followed by about {n} infantry of the {ord} {U}.",
    "{adj} officials put the losses at {n} {E}; {A2} speaks of no more than {n2}.",
    "What {A} needs, its commander told parliament, are {n} {E} and the crews to man them.",
    "The carrier will be escorted by {n2} frigates and two submarines when it reaches {L}.",
    "Whereas {A} keeps {n} {E} on alert, {A2} has put most of its {E2} fleet in storage.",
    "Supplied by {A} in 2019, the {n2} {E} were first used around {L}.",
    "{A}'s {ord} {U} has trained with {n} {E} at {L} since {day}.",
    "In {L} alone, {n} reservists were called up, and {n2} {E} were taken out of store.",
    "The ministry did not disclose the number of {E} bound for {L}.",
    "A convoy carrying {E2} launchers and roughly {n} personnel was on its way to {L} on {day}.",
    "Each of the {n2} {adj} battalions in {L} has {n} {E}, a think tank in {L2} wrote.",
    "Rebels claimed to have captured {n2} {E} and ammunition from the {ord} {U} in {L}.",
    "Should the talks fail, {A} may move {n} {E} closer to {L}, warned the {adj} general staff.",
)
PLAIN = (
    "The council agreed to widen the road to the market before the end of the summer.",
    "She told the audience that the new library would open its doors in the autumn.",
    "Prices of bread and milk rose by a little over three per cent in the past year.",
    "The orchestra played two encores before an audience that would not go home.",
    "Heavy rain fell over the hills and the river rose by half a metre in one night.",
    "Voters in the capital chose a new mayor on Sunday after a long and quiet campaign.",
    "The museum has lent three paintings to a gallery in the north for the spring.",
    "Researchers found that the birds return to the same lake every winter.",
    "The bakery on the corner will close for a week while the ovens are replaced.",
    "Officials in {L} said on {day} that the bridge would stay shut until next year.",
    "{A} and {A2} signed an agreement on fishing rights, ending a quarrel of {n2} years.",
    "A court in {L} fined the company {n} million for polluting the bay.",
    "Shares fell by {n2} per cent after the bank warned of lower profits.",
    "The {adj} parliament will vote on the budget next month, its speaker said.",
    "Nobody was hurt when a tram left the rails in {L} on {day}.",
    '"It is the best harvest in {n2} years," a grower near {L} told the paper.',
    "Tourists from {A} spent more in {L} than those of any other country.",
    "The film, which was shot in {L}, won two prizes at a festival in {L2}.",
    "Whether the {adj} team can win without its captain remains to be seen.",
    "Doctors in {A2} have called for a ban on sweet drinks in schools.",
)
UNITS = ("Mechanised Brigade", "Guards Tank Division", "Airborne Brigade", "Infantry Division", "Artillery Brigade")
DAYS = ("Monday", "Tuesday", "3 March", "Friday", "14 June 2023")


def make_text(book: Rulebook, size: int, share: float, seed: int = 7) -> str:
    """`size` characters of text of which `share` of the sentences are military."""
    rng = random.Random(seed)
    rows = [
        row for row in book.entries if row[2] == "equipment" and row[3] == "E" and any(c.isdigit() for c in row[1]) and len(row[1]) < 18
    ]
    things = [row[1] for row in rng.sample(rows, min(400, len(rows)))]
    sides = [row for row in book.entries if row[2] == "actor" and row[13] == "state"]
    names = [row[1] for row in sides]
    towns = [row[1] for row in book.entries if row[2] == "place" and row[14] > 200_000]
    adjectives = ("Polish", "Russian", "Ukrainian", "French", "Turkish", "Indian", "Chinese", "German")
    parts: list[str] = []
    length = 0
    count = 0
    while length < size:
        sentence = rng.choice(FRAMES if rng.random() < share else PLAIN).format(
            A=rng.choice(names), A2=rng.choice(names), E=rng.choice(things) + "s", E2=rng.choice(things),
            L=rng.choice(towns), L2=rng.choice(towns),
            n=rng.randint(2, 400), n2=rng.randint(2, 60), ord=f"{rng.randint(4, 99)}th", U=rng.choice(UNITS),
            adj=rng.choice(adjectives), day=rng.choice(DAYS),
        )  # fmt: skip
        count += 1
        parts.append(sentence + ("\n\n" if count % 6 == 0 else " "))
        length += len(parts[-1])
    return "".join(parts)


def measure(work: Callable[[], object], repeats: int) -> float:
    """CPU seconds of this process, best of the repeats."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def is_compiled() -> bool:
    """Whether the modules of extraction are compiled ones (see scripts/compile.sh)."""
    return not str(scan.__file__).endswith(".py")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--smoke", action="store_true", help="a short run that only checks that it works and that the cost model holds roughly"
    )
    parser.add_argument("--megabytes", type=float, default=2.0)
    args = parser.parse_args()
    size = int((0.3 if args.smoke else args.megabytes) * 1_000_000)
    repeats = 1 if args.smoke else 3
    book = load_rulebook()
    extract("Six T-72 tanks of the 4th Brigade reached Kyiv on 3 May, officials said.", book)
    failed = False
    print(f"modules: {'compiled' if is_compiled() else 'interpreted (bash scripts/compile.sh compiles them)'}")
    for name, share, floor in (("dense", 1.0, 1.0), ("mixed", 0.1, 6.0)):
        text = make_text(book, size, share)
        chunk = 20_000
        documents = [Document(text[at : at + chunk], doc_id=str(at)) for at in range(0, len(text), chunk)]
        folded = [document.text.lower() for document in documents]
        automaton = book.automaton("heads")
        scan = measure(lambda f=folded, a=automaton: [a.find_matches_as_indexes(t, overlapping=True) for t in f], repeats)  # type: ignore[misc]
        facts = len(extract(documents, book))
        took = measure(lambda d=documents: extract(d, book), repeats)  # type: ignore[misc]
        speed = len(text) / took / 1e6
        print(
            f"{name}: {len(text) / 1e6:.1f} MB, {facts} facts, extraction {speed:.2f} MB/s, "
            f"bare scan {len(text) / scan / 1e6:.1f} MB/s, ratio {took / scan:.1f}"
        )
        # The smoke run guards the cost model, not the machine: it fails only when an order of magnitude is lost.
        failed |= args.smoke and took / scan > (2000 if share == 1.0 else 300)
        if not args.smoke and speed < floor:
            print(f"  below the aim of {floor} MB/s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
