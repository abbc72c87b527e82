"""What jurors write: to the authors, to the panel, and about the method."""

WARM = (
    "One of the clearest proposals of this round. We would like to see it happen exactly as written.",
    "The need is shown and not only claimed. That is rare, and it convinced us.",
    "Modest in cost and generous in effect. Nothing to add.",
    "We liked that those concerned were asked first, and that it shows.",
    "You have thought of the second year. Most do not.",
    "The plan can be handed to somebody else and would still work.",
    "Concrete down to the screws, and still easy to read.",
    "It begins small and can grow. That is the right order.",
)
FAIR = (
    "A good idea with one open question: who looks after it from the second year on?",
    "The costs look a little low to us. Please ask for a second offer.",
    "We understood the idea at once, and would have liked a line on how you know that people want it.",
    "Sound, if not yet finished. Talk to the branch before you plan further.",
    "The first half is strong; the second reads as if it had been written on the last evening.",
    "Worth doing. Perhaps in one place first, and then everywhere.",
    "Please name the person who is responsible in the weeks when you are away.",
    "We missed a word on what happens when it breaks.",
)
COOL = (
    "We could not see who would use it, and how often.",
    "The wish is right; the way described here would not lead there.",
    "Much of this exists already. Please talk to those who do it.",
    "Too large for this call, and not divided into steps.",
    "Charming, but the upkeep would fall to people who have not been asked.",
    "The costs are guessed. With an offer in hand we would look again.",
)
PANEL = (
    "I would fund this before the others in my pile.",
    "Between two levels on feasibility; took the lower one because the permit is not there.",
    "I know the place. What is written about it is true.",
    "Please compare with the proposal on the same corner: they should talk to each other.",
    "My score may be high because it is so well written. Discount it a little.",
    "Strong on benefit, thin on upkeep. I can live with that at this price.",
    "Checked the prices with two shops: within ten per cent.",
    "I would not stand in the way, nor would I fight for it.",
    "If the budget is short, half of it would do.",
    "Would like to hear what the branch says before we rank it.",
)
METHOD_GOOD = (
    "The steps follow from the question, and somebody else could repeat them.",
    "Sources are named and can be reached; the sample is small and is said to be.",
    "A trial was done. I wish all applicants did that.",
    "Two people read the same material independently: good.",
    "Clear about what it cannot show.",
    "Consent is handled better here than in most theses.",
)
METHOD_WEAK = (
    "How many are asked, and who chooses them?",
    "The reading is planned, the comparing is not.",
    "It is not clear what would count as a no.",
    "One source only. What if it is wrong?",
    "Needs a second reader for the entries.",
    "Forty days for this amount of paper is brave.",
)
