"""Whether a word that may be a verb is one here, or a noun or an adjective."""

from __future__ import annotations

from collections.abc import Container

from inventory.extraction.elements import NOMINAL, Element
from inventory.rulebook.kinds import ITEM_KINDS

HAVE = frozenset({"has", "have", "had", "having"})


def is_inverted(elements: list[Element], openings: Container[str]) -> bool:
    """Whether a sentence opens with a condition that has no *if*: *Were Warsaw to refuse, Berlin would …*."""
    if len(elements) < 4 or elements[0].word not in openings or elements[-1].kind == "?" or elements[1].kind not in "daxyACGLNEcPUeMr":
        return False
    return any(e.kind == "," for e in elements[2:])


def settle_forms(elements: list[Element], text: str, nouns: Container[str], inverted: bool) -> None:
    """Decide for each verb-like element whether it is a verb here or a noun or adjective.

    `nouns`: words that are nouns behind people; `inverted`: the sentence opens with a condition whose helper verb stands first.
    """
    count = len(elements)
    for index, element in enumerate(elements):
        if element.kind not in "VR":
            continue
        tags = element.forms
        if element.word in HAVE and _auxiliary(elements, index):
            element.kind = "h"
            continue
        if index and element.start - elements[index - 1].end >= 3 and elements[index - 1].kind in NOMINAL and set(tags) & set("bsog"):
            element.kind = "Z"  # *the army's base*: behind a possessor stands a noun
            continue
        after = elements[index + 1].kind if index + 1 < count else ""
        if (
            element.word == "left"
            and index
            and elements[index - 1].kind in ITEM_KINDS
            and after not in ("C", "L")
            and _held(elements, index)
        ):
            element.kind = "v"  # *has one regiment left there*
            continue
        if "w" in tags and index and elements[index - 1].kind == "Q" and after and after in ITEM_KINDS and element.word.endswith("ed"):
            element.kind = "Z"  # *its 96 mothballed tanks*
            continue
        if "w" in tags or (element.word in HAVE and index):
            continue
        before = index - 1
        while before >= 0 and elements[before].kind == "v":
            before -= 1
        prev = elements[before].kind if before >= 0 else ""
        verbal = set(tags) & set("bspng")
        if not verbal:
            element.kind = "Z"
        elif inverted and "b" in verbal and prev in ("L", "C", "G", "A", "N", "U") and not any(e.kind in "VR," for e in elements[:before]):
            continue  # *Should Manila ask, …*
        elif prev in ("i", "m", "f", "r", "n", "w", "t", "h", "b"):
            if prev == "b" and "g" not in tags and "n" not in tags:
                element.kind = "Z"
        elif (
            prev == "Z"
            and (verbal & {"p"} or (verbal == {"s"} and "o" not in tags))
            and after in ("d", "a", "Q", "y", "p", "t", "E", "A", "C", "P", "L", "r", "v")
        ) or (prev == "o" and verbal == {"g"} and after in ("Q", "d", "a", "E", "A", "c", "P", "y")):
            continue
        elif prev == "Z" and element.kind == "R" and "p" in verbal and "n" in verbal and "o" not in tags:
            continue  # *the air marshal said*
        elif (
            prev == "Z"
            and verbal == {"b"}
            and elements[before].word.endswith("s")
            and after in ("Q", "d", "a", "y", "E", "A", "C", "t")
            and not any(e.kind in "VRbhm" for e in elements[:before])
        ):
            continue  # *photographs show seven tanks*
        elif prev in ("d", "a", "y", "o", "Z"):
            # *all moved*, but *the stores*
            if not (prev == "d" and elements[before].word != "the" and tags in ("p", "s", "ps") and element.cue is not None):
                element.kind = "Z"
        elif prev == "Q":
            # *eight burnt, three abandoned*: a count with a participle and no noun is a clause without its noun.
            shared = elements[0].kind == "o" and after in ("p", "i", "D", "v")  # *of the 24 jets, 18 fly from there*
            described = after == "A" and index + 2 < count and elements[index + 2].kind in ITEM_KINDS  # *two used Australian frigates*
            element.kind = (
                "Z" if (after in ITEM_KINDS and after) or (described and "n" in tags) or ("n" not in tags and not shared) else "V"
            )
        elif prev == "A":
            if verbal <= {"b", "s"} or "o" in tags:
                element.kind = "Z"
        elif prev == "p":
            if "g" not in tags:
                element.kind = "Z"
        elif verbal == {"s"} and prev == "x" and element.kind == "V" and _under_preposition(elements, before):
            element.kind = "Z"  # *fired rockets at several army positions*
        elif prev == "D" and before and elements[before - 1].kind in "ady" and "o" in tags and "b" in verbal:
            element.kind = "Z"  # *in an overnight attack*
        elif prev == "":
            if verbal <= {"b", "s"} and ("o" in tags or verbal == {"s"}):
                element.kind = "Z"
        elif verbal <= {"b", "s"} and after in ("V", "R", "m", "h") and prev in ("x", "A", "k", ",", "C", "E"):
            element.kind = "Z"  # *monitors reported*: a verb follows, so this is its noun
        elif verbal == {"b"} and prev in ("V", "R"):
            element.kind = "Z"
        elif verbal == {"s"} and prev == "V" and "p" in elements[before].forms and element.kind == "V":
            element.kind = "Z"  # *bombed camps*
        elif (
            verbal == {"b"}
            and prev in ("L", "D")
            and after in ("Q", "a", "d", "y", "E", "A")
            and any(e.kind in "VZ" and "n" in e.forms for e in elements[:before])
            and elements[0].word.endswith("s")
            and not any(e.kind in "bhmf" for e in elements[:before])
        ):
            continue  # *photographs taken at Valuyki show five tanks*
        elif verbal == {"b"} and element.word in ("close", "back") and index + 1 < count and elements[index + 1].word in ("to", "from"):
            element.kind = "v"  # *moved three destroyers close to the coast*, *sold 25 tanks back to Bonn*
        elif verbal == {"b"} and prev in ("E", "c") and text[elements[before].end - 1] != "s" and after in ("p", ".", ",", "D", "L", "k"):
            element.kind = "Z"  # *its third KC-390 transport at Beja*: behind one thing a verb would end in s
        elif verbal == {"b"} and prev == "P" and before and elements[before - 1].kind in "da" and element.word in nouns:
            element.kind = "Z"  # *attacked the police station*
        elif (
            verbal <= {"b", "s"}
            and prev == "x"
            and element.kind == "R"
            and after in (".", "", ",")
            and any(e.kind == "," for e in elements[max(0, before - 4) : before])
        ):
            continue  # *…, Western diplomats estimate.*
        elif (
            element.kind == "R"
            and verbal == {"b"}
            and "o" not in tags
            and prev == ","
            and after in ("x", "A", "C", "G", "L", "N", "d")
            and any(e.kind in "VZb" for e in elements[:before])
            and not any(e.kind in "VRbhm" for e in elements[index + 1 :])
        ):
            continue  # *…, say Western diplomats.*
        elif (
            element.kind == "R"
            and verbal == {"b"}
            and prev in ("G", "A", "P", "C")
            and text[elements[before].end - 1] == "s"
            and after in ("r", "t", "d", "C", "A", "Q", "a")
        ):
            continue  # *the Houthis say they have downed two*
        elif (
            verbal == {"b"}
            and prev == "x"
            and elements[before].word.endswith("s")
            and after in ("d", "a", "Q", "y", "t", "C", "A", "E", "p", "v", "L", "G", "c")
        ):
            continue
        elif (
            verbal == {"b"}
            and prev == ","
            and after in ("p", "i", "d", "a", "Q")
            and not any(e.kind in "VRbhm" for e in elements[:before])
            and any(e.kind in ITEM_KINDS for e in elements[:before])
        ):
            continue  # *the two squadrons, twelve machines in all, stand at Adam*
        elif verbal == {"b"} and prev == "k" and after in ("d", "a", "y", "Q") and any(e.kind in "mi" for e in elements[:before]):
            continue  # *will fly from the carrier and replace the old fleet*
        elif (
            verbal == {"b"}
            and "o" not in tags
            and prev in ("x", "L", "N", "C", "G", "U")
            and after in ("Q", "a", "d", "y")
            and not any(e.kind in "VRbhmft.;:" for e in elements[:before])
            and any(e.kind in "pi" and _plural(elements[i - 1]) for i, e in enumerate(elements[1 : before + 1], 1))
        ):
            continue  # *losses in the war include 12 tanks*, *raids on Tyre kill 12 fighters*
        elif verbal == {"b"} and prev in ("x", "L", "N", "C", "G", "U", "k", ","):
            # A bare base form after a singular noun is a noun (*missile launch*), after a comma or *and* it may be either.
            element.kind = "Z" if "o" in tags or prev in ("x", "L", "N", "C", "U", "k", ",") else element.kind
        elif (
            verbal <= {"s"}
            and "o" in tags
            and prev in ("x", "k", ",", "V", "R")
            and after in (".", ",", ";", ":", "", "p", "k", "i", ")", "D")
        ) or (verbal <= {"s"} and prev in ("k", ",") and after in (".", ",", "", "p", "k")):
            element.kind = "Z"


def _under_preposition(elements: list[Element], index: int) -> bool:
    """Whether the noun at `index` hangs on a preposition behind the verb of its clause, or on an infinitive, so that it is no subject."""
    position = index
    counted = False
    while position > 0 and elements[position].kind in "daxyAQ":
        counted |= elements[position].kind == "Q"
        position -= 1
    if position and elements[position].kind == "V" and (counted or elements[position - 1].kind in "im"):
        return True  # *to guard oil fields*, *brought 1,100 library books*
    if elements[position].kind != "p":
        return False
    verb = next((e for e in reversed(elements[:position]) if e.kind in "VRbhmstw,;:"), None)
    return verb is not None and verb.kind == "V"


def _plural(element: Element) -> bool:
    return element.kind in ITEM_KINDS + "xZ" and element.word.endswith("s")


def _held(elements: list[Element], index: int) -> bool:
    """Whether a form of *have* or *with* stands before the thing that is *left*."""
    for element in reversed(elements[max(0, index - 9) : index]):
        if element.word in HAVE or element.word == "with":
            return True
        if element.kind in ";:" or (element.kind == "V" and element.word not in HAVE):
            return False
    return False


def _auxiliary(elements: list[Element], index: int) -> bool:
    """Whether a form of *have* helps a participle behind it."""
    position = index + 1
    while position < len(elements) and elements[position].kind in "vn":
        position += 1
    if position >= len(elements):
        return False
    following = elements[position]
    return (
        following.kind == "b"
        or (following.kind in "VR" and "n" in following.forms)
        or (following.kind == "x" and following.word.endswith(("ed", "en")))
    )
