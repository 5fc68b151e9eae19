"""What a class is asked to do at each step, and for how many seconds."""

LABELS = {
    "scene": "Scene",
    "think": "Think",
    "vote1": "First vote",
    "talk": "Talk",
    "vote2": "Second vote",
    "reasons": "Reasons",
}
# What the room is asked to do. The order, and that nobody sees a result before talking, is peer instruction's.
SAYS = {
    "scene": "Listen, or read.",
    "think": "Think alone, and settle on an answer. No talking yet.",
    "vote1": "Vote, each for yourself. Nobody sees a result yet.",
    "talk": "Find somebody who may see it otherwise. Say why, and listen.",
    "vote2": "Vote again. You may have changed your mind, or not.",
    "reasons": "What the room said, and what the course argues for.",
}
ON_PAPER = {
    "think": "Think alone.",
    "vote1": "Write your sentence on paper. It is sent nowhere.",
    "talk": "Read it to one neighbour, if you like.",
    "vote2": "Change a word, if you like.",
    "reasons": "Hold your sentence against these.",
}
# Where the plan has no vote, as at a scene that nobody is to be outvoted on.
WITHOUT_VOTES = {
    "talk": "Talk about it together. Say why, and listen.",
    "reasons": "What speaks for each way, and what against it.",
}
SECONDS = {"think": 60, "talk": 120}
# Before the first scene: where phones can come, and where they cannot.
DOOR = "Take out your phone"
HANDS = "We vote by raising hands"
HANDS_SAYS = (
    "Think for yourself, and settle on one of the answers. Each has a letter: raise your hand when yours is called."
)
