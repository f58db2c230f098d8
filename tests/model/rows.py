"""What is asked of the model: scenarios, what must hold in them, and which checks are left out to see them missed."""

from dataclasses import dataclass

# Of both ends, of the citizen's alone, and so on: `broken` in handshake.maude says each of them exactly.
AGREEMENT = "citizen-agreement", "office-agreement"
ALL = (*AGREEMENT, "own-answer", "unknown-key-share", "replay", "secrecy", "same-phrase")

CLAIMS = {
    "citizen-agreement": "a confirmed citizen's end has the office it wanted: same session, messages, keys, prints",
    "office-agreement": "a confirmed office has the very end it names: same session, messages, keys, prints",
    "own-answer": "nothing is pinned but what the office wanted has signed in answer to this init",
    "unknown-key-share": "no two ends with the same keys take each other for something else",
    "replay": "one session of an end is confirmed by one session of the other at most",
    "secrecy": "the shared secret of honest ends stays theirs",
    "same-phrase": "where both see the same phrase, nobody is between, whoever has stolen the issuer's key",
}


@dataclass(frozen=True)
class Scenario:
    """Who plays, in terms of handshake.maude: the ends' sessions, and what the attacker has beside ALWAYS."""

    title: str
    ends: tuple[str, ...]
    stolen: tuple[str, ...] = ()


def _kiosk(session: str, sid: str) -> str:
    return f"citizen({session}, kiosks, certificate(kiosk at badr, kiosks), office at emirate, {sid})"


def _phone(session: str, sid: str) -> str:
    return f"citizen({session}, phones, none, office at emirate, {sid})"


def _office(session: str) -> str:
    return f"office({session}, offices, certificate(office at emirate, offices))"


# The attacker owns an enrolled kiosk. It stands in the emirate: its name differs from the office's by the role alone.
ALWAYS = (
    "s1", "s2", "strangers", "none", "owned", "certificate(kiosk at emirate, owned)",
    "shared(attacker)", "share(attacker)", "fingerprint(attacker)", "nonce(attacker)", "commitment(nonce(attacker))",
    "certificate(kiosk at badr, kiosks)", "certificate(office at emirate, offices)",
)  # fmt: skip
FORGED = ("certificate(office at emirate, strangers)", "certificate(kiosk at badr, strangers)")
OFFICES = (_office("o1"), _office("o2"))

KIOSKS = Scenario("two sessions of a kiosk, one session name", (_kiosk("c1", "s1"), _kiosk("c2", "s1"), *OFFICES))
NAMED = Scenario("two sessions of a kiosk, two session names", (_kiosk("c1", "s1"), _kiosk("c2", "s2"), *OFFICES))
MIXED = Scenario("a kiosk and a phone", (_kiosk("c1", "s1"), _phone("c2", "s1"), *OFFICES))
PHONES = Scenario("two sessions of a phone", (_phone("c1", "s1"), _phone("c2", "s1"), *OFFICES))
INSIDER = Scenario(
    "another office is the attacker's, one more is honest",
    (
        _kiosk("c1", "s1"), _phone("c2", "s1"), _office("o1"),
        "office(o2, branches, certificate(office at district, branches))",
    ),
    ("insiders", "certificate(office at governorate, insiders)"),
)  # fmt: skip
THIEF_AND_PHONE = Scenario("issuer's key stolen; a phone, the office twice", (_phone("c1", "s1"), *OFFICES), FORGED)
THIEF_AND_PHONES = Scenario(
    "issuer's key stolen; a phone twice, the office once",
    (_phone("c1", "s1"), _phone("c2", "s1"), _office("o1")),
    FORGED,
)
THIEF_AND_KIOSK = Scenario("issuer's key stolen; a kiosk", (_kiosk("c1", "s1"), *OFFICES), FORGED)


@dataclass(frozen=True)
class Row:
    """One search of all states.

    `left_out` are switches of handshake.maude. `breaks` is a claim of which a counter-example must be found, or None
    where all of `claims` must hold. `reaches` asks for a state instead: without it the claims would say nothing.
    """

    title: str
    scenario: Scenario
    claims: tuple[str, ...] = ALL
    left_out: tuple[str, ...] = ()
    breaks: str | None = None
    reaches: str | None = None


DEFINITION = (
    Row("the definition", KIOSKS),
    Row("the definition", NAMED),
    Row("the definition", MIXED),
    Row("the definition", PHONES),
    Row("the definition", INSIDER),
    Row("the definition", THIEF_AND_PHONE, ("same-phrase",)),
    Row("the definition", THIEF_AND_PHONES, ("same-phrase",)),
    Row("the definition", THIEF_AND_KIOSK, ("same-phrase",)),
)

REACHED = (
    Row("two calls can be confirmed", KIOSKS, reaches="calls(ST) == 2"),
    Row("a phone and a kiosk can be confirmed", MIXED, reaches="calls(ST) == 2"),
    Row("a thief of the issuer's key can be between", THIEF_AND_PHONE, reaches="somebody-between(ST)"),
)


def _mistake(title: str, scenario: Scenario, breaks: str, *left_out: str) -> Row:
    return Row(title, scenario, (breaks,), left_out, breaks)


# What only the phrase can tell: the certificates alone do not.
NOT_PROMISED = (_mistake("issuer's key stolen, nobody compares", THIEF_AND_KIOSK, "citizen-agreement"),)

MISTAKES = (
    _mistake("role left out of what is checked", KIOSKS, "secrecy", "role-unchecked"),
    _mistake("role left out of what is checked", KIOSKS, "citizen-agreement", "role-unchecked"),
    _mistake("whom the citizen wanted is not checked", INSIDER, "citizen-agreement", "named-unchecked"),
    _mistake("resp not in the transcript", THIEF_AND_PHONE, "unknown-key-share", "resp-not-in-transcript"),
    _mistake("resp not in the transcript", THIEF_AND_PHONE, "same-phrase", "resp-not-in-transcript"),
    _mistake("commitment not checked", THIEF_AND_PHONE, "same-phrase", "commitment-unchecked"),
    _mistake("nonce sent, no commitment to it", THIEF_AND_PHONE, "same-phrase", "nonce-in-clear"),
    _mistake("fingerprints unsigned", KIOSKS, "citizen-agreement", "fingerprints-unsigned"),
    _mistake("fingerprints unsigned", KIOSKS, "office-agreement", "fingerprints-unsigned"),
    _mistake("sid not checked", NAMED, "citizen-agreement", "sid-unchecked"),
    _mistake("certificate's key not compared", KIOSKS, "office-agreement", "certificate-key-unchecked"),
    _mistake("macs not checked", KIOSKS, "replay", "macs-unchecked"),
    # Checks that others stand behind (REDUNDANT): each is missed as soon as those are gone too.
    _mistake("hi not checked, nor what else ties resp to init", KIOSKS, "own-answer",
             "hi-unchecked", "to-unchecked", "info-empty"),
    _mistake("the same, and init not in the transcript", KIOSKS, "unknown-key-share",
             "hi-unchecked", "to-unchecked", "info-empty", "init-not-in-transcript"),
)  # fmt: skip

# Left out alone, or all but one: what is left holds. With the last of them gone too, it does not: the mistakes above.
REDUNDANT = (
    Row("hi not checked; to, info and transcript are", KIOSKS, left_out=("hi-unchecked",)),
    Row("only hi ties resp to init", KIOSKS, left_out=("to-unchecked", "info-empty", "init-not-in-transcript")),
    Row("only `to` ties resp to init", KIOSKS, left_out=("hi-unchecked", "info-empty", "init-not-in-transcript")),
    Row("only info ties resp to init", KIOSKS, left_out=("hi-unchecked", "to-unchecked", "init-not-in-transcript")),
    Row("`to` of both messages not checked", INSIDER, left_out=("to-unchecked",)),
)

ROWS = DEFINITION + REACHED + NOT_PROMISED + MISTAKES + REDUNDANT
