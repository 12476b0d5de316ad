"""A lesson in six chapters: ageing as a conversation. A prediction is asked before each run.

No answer is kept here: what the mice of the chapter do is the answer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gutexo.page.wish import Wish

HARDLY = 0.02
"""A ratio this near to one is called hardly any change."""


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    Attributes:
        title: What it is about.
        text: What to know before the run.
        question: What is to be predicted.
        readout: What is compared on the last day, the first mouse over the one beside it.
        arm: Who is watched.
        beside: Who stands beside.
        after: What to talk about when the run is over.
    """

    title: str
    text: str
    question: str
    readout: str
    arm: str
    beside: str
    after: str


LESSON = (
    Chapter(
        "An old gut",
        "The same mouse twice: at 24 months, and at 3. Senescent niches have come with the years, "
        "some by themselves (+), some induced by signals (x). Cells above them load other cargo "
        "into the exosomes that they release, and that cargo loosens the seams between cells.",
        "FITC-dextran, swallowed, tells how much leaks through the wall. In the old "
        "mouse it is ...",
        "FITC-dextran",
        "old + vehicle",
        "young + vehicle",
        "Look at the wall: is it open everywhere? Where do induced niches stand, and which cargo "
        "is there? Click one: since when?",
    ),
    Chapter(
        "A message in a vial",
        "Now a young mouse is given exosomes from the gut of old mice, by mouth, every "
        "day. Nothing old but "
        "the exosomes enters it; the mouse beside gets the empty carrier.",
        "The leak of the young mouse under old exosomes becomes ...",
        "FITC-dextran",
        "young + old exosomes",
        "young + vehicle",
        "Black rims are those of the dose. Which of them reach the wall, and where do most end?",
    ),
    Chapter(
        "The guards below the wall",
        "Macrophages below the wall hear LPS of bacteria. What exosomes bring makes them "
        "hear it louder, or "
        "calms them. They answer with TNF, which the whole body hears.",
        "TNF in the blood of the young mouse under old exosomes becomes ...",
        "plasma TNF",
        "young + old exosomes",
        "young + vehicle",
        "Read what macrophages hear. Does TNF part as early as the leak did? It differs "
        "from mouse to "
        "mouse: how wide is the band?",
    ),
    Chapter(
        "Far from the gut",
        "Liver, muscle and fat never touched the vial. They hear TNF, LPS, and exosomes that "
        "crossed into the blood, whose lipid blocks insulin and whose protective cargo supports "
        "it. Some of these signals also turn their cells senescent.",
        "HOMA-IR, a measure of insulin resistance, becomes ...",
        "HOMA-IR",
        "young + old exosomes",
        "young + vehicle",
        "Which organ parts first? By which signal? Which of them carries no cytokine at all?",
    ),
    Chapter(
        "The other way",
        "An old mouse is given exosomes of young mice. Its own gut stays old and goes on speaking.",
        "HOMA-IR of the old mouse under young exosomes becomes ...",
        "HOMA-IR",
        "old + young exosomes",
        "old + vehicle",
        "What is eased, what is not? The size of this effect hangs on numbers without a source, "
        "such as insulin.cargo_protection: set it to its least and look again.",
    ),
    Chapter(
        "Cargo, not age",
        "The donors are as old as before, but their senescent cells were removed week by "
        "week. Beside it, a mouse "
        "under exosomes of usual old donors.",
        "Against usual old exosomes, the leak under those of treated old donors is ...",
        "FITC-dextran",
        "young + well old exosomes",
        "young + old exosomes",
        "Is a mouse as old as its years, or as what its cells say? What would convince "
        "you that real "
        "mice do the same?",
    ),
)


def lesson() -> list[dict[str, Any]]:
    """The chapters as JSON types, each with its wish."""
    return [
        {
            **{k: v for k, v in asdict(chapter).items() if k not in ("arm", "beside")},
            "wish": Wish(arm=chapter.arm, beside=chapter.beside).model_dump(),
            "hardly": HARDLY,
        }
        for chapter in LESSON
    ]
