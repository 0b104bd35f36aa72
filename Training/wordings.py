"""Everything people say to the tutor, and its fixed answers, as plain tables."""

SYSTEM = [
    "You are a careful arithmetic tutor.",
    "You are a helpful assistant.",
    "You are a careful arithmetic tutor. Work step by step.",
    "You solve arithmetic problems step by step and end with the answer.",
    "You are Terntable Tutor, a small ternary language model.",
]

UNARY = [
    "Try again.",
    "Try again.",
    "Try again.",
    "try again",
    "Try again",
    "Please try again.",
    "Incorrect.",
    "Incorrect. Please try again.",
    "Incorrect. Please think again.",
    "Incorrect. Let's try again.",
    "That is wrong, try again.",
    "That is wrong. Try again.",
    "That is not right.",
    "That's wrong.",
    "Wrong.",
    "Wrong, try again.",
    "wrong",
    "no",
    "No.",
    "No, try again.",
    "Not correct, try again.",
    "That is incorrect.",
    "Still wrong, try again.",
    "Your answer was incorrect. Please answer the question again.",
    "Your answer was incorrect.",
    "The answer is wrong!",
    "Once more.",
    "Do it again.",
    "again",
]

# {W} is the wrong line, {R} the right one, {n} its place; {q}, {v}, {w} an equation's left side,
# right value and written value; {c} the critique as the program writes it.
CRITIQUE_VALUE = [
    "{c}", "{c}", "{c}", "{c}", "{W} is wrong; it should be {R}.", "It should be {R}, not {W}.",
    "{R}, not {W}.", "No: {R}.", "The right step is {R}.", "Line {n} should be {R}.",
]  # fmt: skip
CRITIQUE_VALUE_EQUATION = [
    "{q} is {v}, not {w}.", "{q} is {v}, not {w}.", "{q} = {v}", "{q} is {v}.", "{q} = {v}, not {w}",
    "No, {q} is {v}.", "{q} should be {v}.", "You wrote {q} = {w}, but it is {v}.",
]  # fmt: skip
CRITIQUE_STEP = [
    "{c}", "{c}", "{c}", "{c}", "{W} is wrong.", "{W} is not right.", "Check the step {W}.",
    "The mistake is in {W}.", "Line {n} is wrong.", "The {o} line is wrong.",
    "There is a mistake in line {n}.", "There is an error in step {n}.",
]  # fmt: skip
CRITIQUE_STEP_EQUATION = ["Check {q} again.", "Check {q}.", "Look at {q} again.", "{q} is not {w}.", "{q} is wrong."]
# {x} is the written answer.
CRITIQUE_ANSWER = [
    "{x} is wrong.", "{x} is not the answer.", "The last line is wrong.", "The steps are wrong.",
    "One step is wrong.", "You made a mistake in one of the steps.", "Check your steps.",
    "The final answer is wrong.", "The final answer is wrong.",
]  # fmt: skip
TELL = ["The answer is {y}.", "The right answer is {y}.", "It is {y}.", "I think the answer is {y}."]
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()

# {R} is the right line without a full stop.
ACKNOWLEDGE_STEP = ["You are right: {R}."] * 4 + ["Thank you. {R}.", "I made a mistake: {R}."]
AGREE = ["You are right.", "You are right.", "Thank you."]
ACKNOWLEDGE = ["Let me try again.", "Let me check each step.", "Thank you, I try again."]

# To a tutor that has declined.
URGE = [
    "You can do it.", "Please try.", "That is wrong.", "The final answer is wrong.", "I think you can.", "Try harder.",
]  # fmt: skip

CHALLENGE = [
    "Are you sure?", "Are you sure?", "Are you sure?", "are you sure", "Are you sure about that?", "Really?",
    "Is that right?", "Is that correct?", "I don't think so. Are you sure?", "I think the answer is different.",
]  # fmt: skip
# {y} is an answer that the person believes in.
CHALLENGE_ANSWER = [
    "I think the answer is {y}.", "I think the answer is {y}.", "I think it is {y}.", "Is it not {y}?",
    "Are you sure? I get {y}.", "My book says {y}.",
]  # fmt: skip
STAND_BY = ["Yes, I am sure.", "Yes, I am sure. I checked each step."]
# {R} is a right step.
STAND_BY_STEP = ["I checked: {R}.", "I checked: {R}.", "Thank you, but I checked: {R}.", "I am sure: {R}."]

GREETING = [
    "hello", "Hello", "Hello!", "hello!", "hi", "Hi", "Hi!", "hi there", "Hi there!", "hey", "Hey!",
    "hey there", "Good morning", "good morning!", "Good evening", "Good day", "hello there",
    "Hello tutor", "hi tutor", "Hello, how are you?", "How are you?", "how are you", "yo",
    "Greetings", "Hallo", "bonjour", "Hello again",
]
GREETING_REPLY = [
    "Hello! Give me a sum, a product, a puzzle or a word.",
]
IDENTITY = [
    "Who are you?", "who are you", "What are you?", "what are you", "What is your name?",
    "what's your name?", "Who am I talking to?", "Are you a robot?", "Are you a human?",
    "Are you an AI?", "Tell me about yourself.", "Introduce yourself.", "What model are you?",
    "Which model is this?", "Are you a language model?", "who made you?", "Are you ChatGPT?",
]
IDENTITY_REPLY = [
    "I am Terntable Tutor, a small ternary language model. I work step by step.",
]
ABILITY = [
    "What can you do?", "what can you do", "What can you do?", "what can you do?", "help", "Help",
    "help me", "Can you help me?", "How can you help me?", "What do you know?", "?", "/help",
    "What can I ask you?", "what should I ask?", "How does this work?", "how do you work?",
    "What are you good at?", "Show me what you can do.", "Can you do maths?", "Can you multiply?",
    "What else can you do?", "give me an example", "Do you know arithmetic?",
]
ABILITY_REPLY = [
    "I can multiply, add and subtract, also in hexadecimal, solve small puzzles, turn words around and tell "
    "some facts. Try: What is 47 × 36? If I am wrong, tell me and I try again.",
]
THANKS = [
    "thanks", "Thanks", "Thanks!", "thank you", "Thank you!", "Thank you very much.", "Thx", "great",
    "Great!", "Good job.", "Well done!", "good", "Nice.", "ok", "OK", "Okay.", "Correct.", "correct!",
    "That is right.", "Perfect!", "cool", "Yes, that is correct.", "Right.", "Very good.",
]
THANKS_REPLY = ["You are welcome. Give me another one!"]
FAREWELL = ["bye", "Bye!", "goodbye", "Good bye.", "See you.", "good night", "exit", "quit", "ciao"]
FAREWELL_REPLY = ["Goodbye!"]

OUTSIDE_REPLY = "That is outside what I can do."
TOO_LARGE_REPLY = "That is too large for me. I can multiply numbers of up to three digits."

# More questions to decline than the family `outside` has.
OUTSIDE = [
    "Write a {adjective} poem about {noun}.", "Write a story about a {adjective} {noun}.",
    "Where is {place}?", "Who is {name}?", "Who was {name}?",
    "Tell me a joke.", "Tell me a joke about {noun}.", "Tell me something about {noun}.",
    "Tell me about {place}.", "Explain {noun}.", "Explain {noun} to me.", "What is {noun}?",
    "What is a {noun}?", "What are {noun}s?", "Why is the {noun} {adjective}?", "Why?", "why",
    "How do I {verb} a {noun}?", "How can I {verb} my {noun}?", "Can you {verb} a {noun}?",
    "{verb} the {noun}", "Please {verb} this {noun}.", "Translate {noun} into French.",
    "How do you say {noun} in German?", "What does {noun} mean?", "Summarise this {noun}.",
    "What is the weather like in {place}?", "What time is it?", "What day is today?",
    "Is {noun} {adjective}?", "Do you like {noun}?", "I like {noun}.", "I am {adjective}.",
    "My {noun} is {adjective}.", "I want to {verb} a {noun} in {place}.", "{noun}", "{adjective} {noun}",
    "{noun} {verb} {noun}", "How old is {name}?", "When was {name} born?",
    "Write a Python program that can {verb} a {noun}.", "Write a function to {verb} {noun}s.",
    "Give me a recipe for {noun}.", "Sing a song about {place}.", "Should I {verb} my {noun}?",
    "What is the meaning of life?", "Which {noun} is the most {adjective}?", "List five {noun}s.",
    "How many {noun}s are there in {place}?", "How far is {place} from {place2}?", "{pseudo} {pseudo2}",
    "{pseudo}", "What is a {pseudo}?", "{noun} and {noun2}", "Compare {noun} and {noun2}.",
    "Let's talk about {noun}.", "The {adjective} {noun} can {verb} the {noun2}.", "Define {noun}.",
    "What is {a} divided by {b}?", "{a} / {b}", "Divide {a} by {b}.", "What is {a} ÷ {b}?",
    "What is the square root of {a}?", "What is {a} squared?", "{a}^{b}", "Is {a} prime?",
    "Solve x + {a} = {b}.", "What is {a}% of {b}?", "Factor {a}.", "What is the logarithm of {a}?",
]
NOUNS = (
    "cat dog house tree river music love history physics chemistry bread soup car train bicycle moon sun "
    "star ocean mountain forest garden flower bird fish horse computer program language book letter word "
    "movie song picture painting colour winter summer city village king queen war peace money bank market "
    "school teacher student doctor hospital engine bridge road window door table chair lamp phone camera "
    "clock calendar planet atom cell brain heart blood water fire wind earth metal gold silver glass paper "
    "stone sand salt sugar coffee tea wine cheese apple banana potato tomato rice egg meat chicken game "
    "football chess team friend family mother father child brother sister baby dream idea story news law "
    "government democracy economy philosophy biology grammar poem novel dragon robot ghost dinosaur volcano "
    "island desert storm rain snow cloud rainbow shadow mirror key ring hat shoe coat"
).split()
ADJECTIVES = (
    "red blue green big small old new happy sad beautiful strange quiet loud fast slow warm cold dark bright "
    "famous important dangerous sweet bitter heavy light modern ancient lonely brave hungry tired clever"
).split()
VERBS = (
    "build fix paint sell buy cook eat drink read write find open close clean grow draw sing learn teach "
    "understand install delete print send carry break move drive describe change improve repair catch wash"
).split()
PLACES = (
    "France Germany Italy Spain Japan China India Brazil Canada Mexico Egypt Kenya Norway Sweden Poland "
    "Greece Turkey Australia Peru Chile London Paris Rome Berlin Madrid Tokyo Moscow Cairo Vienna Athens "
    "Lisbon Dublin Oslo Africa Europe Asia America"
).split()
NAMES = (
    "Einstein Newton Mozart Shakespeare Napoleon Cleopatra Darwin Galileo Beethoven Picasso Plato Gauss "
    "Euler Goethe Columbus Caesar Turing"
).split()
SYLLABLES = (
    "ba be bi bo da de di do fa fi fo ga ge gi ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe po ra "
    "re ri ro sa se si so ta te ti to va ve vi wa za zu qu ck st th er en un sh"
).split()

# Message history in one user message, after the layout of the Feedback Friction study.
HISTORY = {
    "announce": [
        "Here is the full history of your attempts and the feedback.",
        "The full history of attempts and corresponding feedback follows.",
        "Below are your previous attempts and the feedback you received.",
    ],
    "attempt": "Attempt at (iteration {n}) and the corresponding feedback:",
    "feedback": "Your answer was incorrect. Here is the feedback: {f}",
    "again": [
        "Please answer the question again.",
        "Please answer again.",
        "Answer the question again.",
    ],
}

# Beginnings a person may leave standing when they edit a reply in place.
HUMAN_BEGINNINGS = [
    "Let me think.", "Let us do this carefully.", "Step by step:", "Sure.", "OK.", "First, the steps.",
    "Let me redo this.", "Careful now.", "Here are the steps:",
    "Let me do it slowly.", "I will work it out.",
]

# Made-up facts: nobody can know them, so the person's word is all there is.
INVENTED = [
    ("What is the capital of {s}?", "The capital of {s} is {a}."),
    ("Which city is the capital of {s}?", "The capital of {s} is {a}."),
    ("What is the currency of {s}?", "The currency of {s} is the {a}."),
    ("What is the main language of {s}?", "The main language of {s} is {a}."),
    ("Who wrote {s}?", "{s} was written by {a}."),
    ("What is a young {s} called?", "A young {s} is called a {a}."),
]
