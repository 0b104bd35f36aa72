"""Everything people say to the tutor, and its fixed answers, as plain tables."""

SYSTEM = [
    "You are a careful arithmetic tutor.",
    "You are a helpful assistant.",
    "You are a careful arithmetic tutor. Work step by step.",
    "You solve arithmetic problems step by step and end with the answer.",
    "You are Terntable Tutor, a small ternary language model.",
]

# {a} and {b} are the operands, {t} one of TIMES_SIGNS.
TIMES_SIGNS = ["×", "×", "×", "*", "*", "x", "times", "multiplied by"]
PRODUCT = [
    "What is {a} {t} {b}?",
    "What is {a} {t} {b}?",
    "What is {a} {t} {b}?",
    "what is {a} {t} {b}",
    "Calculate {a} {t} {b}.",
    "Calculate {a} {t} {b}",
    "calculate {a} {t} {b}",
    "Calculate the following question: {a} {t} {b}.",
    "Compute {a} {t} {b}.",
    "compute {a} {t} {b}",
    "{a} {t} {b}",
    "{a} {t} {b}",
    "{a} {t} {b} = ?",
    "{a} {t} {b} =",
    "{a} {t} {b}?",
    "How much is {a} {t} {b}?",
    "how much is {a} {t} {b}",
    "What's {a} {t} {b}?",
    "whats {a} {t} {b}",
    "Please calculate {a} {t} {b}.",
    "Please multiply {a} by {b}.",
    "Multiply {a} by {b}.",
    "multiply {a} by {b}",
    "Multiply {a} and {b}.",
    "multiply {a} and {b}",
    "Find the product of {a} and {b}.",
    "What is the product of {a} and {b}?",
    "product of {a} and {b}",
    "Work out {a} {t} {b}.",
    "Solve {a} {t} {b}.",
    "Solve: {a} {t} {b}",
    "Can you calculate {a} {t} {b}?",
    "Can you multiply {a} by {b}?",
    "Could you tell me what {a} {t} {b} is?",
    "Tell me {a} {t} {b}.",
    "I need {a} {t} {b}.",
    "Evaluate {a} {t} {b}.",
    "Now {a} {t} {b}.",
    "And {a} {t} {b}?",
    "Next: {a} {t} {b}",
    "{a}{s}{b}",
    "{a}{s}{b}=",
    "What is {a}{s}{b}?",
    "Hi, what is {a} {t} {b}?",
    "Hello! What is {a} {t} {b}?",
    "One box holds {b} pens. How many pens are in {a} boxes?",
    "A ticket costs {b} euros. How much do {a} tickets cost?",
    "There are {a} rows with {b} seats each. How many seats are there?",
]
SUM = [
    "What is {a} + {b}?",
    "What is {a} + {b}?",
    "what is {a} + {b}",
    "What is {a} plus {b}?",
    "Calculate {a} + {b}.",
    "calculate {a} + {b}",
    "Compute {a} + {b}.",
    "{a} + {b}",
    "{a}+{b}",
    "{a} + {b} = ?",
    "{a} plus {b}",
    "How much is {a} + {b}?",
    "Add {a} and {b}.",
    "add {a} and {b}",
    "Please add {b} to {a}.",
    "What is the sum of {a} and {b}?",
    "Find the sum of {a} and {b}.",
    "Work out {a} + {b}.",
    "Solve {a} + {b}.",
    "Can you add {a} and {b}?",
    "And {a} + {b}?",
    "I have {a} coins and get {b} more. How many do I have?",
]
DIFFERENCE = [
    "What is {a} - {b}?",
    "What is {a} - {b}?",
    "what is {a} - {b}",
    "What is {a} minus {b}?",
    "Calculate {a} - {b}.",
    "calculate {a} - {b}",
    "Compute {a} - {b}.",
    "{a} - {b}",
    "{a}-{b}",
    "{a} - {b} = ?",
    "{a} minus {b}",
    "How much is {a} - {b}?",
    "Subtract {b} from {a}.",
    "subtract {b} from {a}",
    "What is the difference of {a} and {b}?",
    "Work out {a} - {b}.",
    "Solve {a} - {b}.",
    "Can you subtract {b} from {a}?",
    "And {a} - {b}?",
    "I have {a} coins and lose {b}. How many are left?",
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

# {q} is the step's question, {v} its right value, {w} the written one, {n} the line's place.
CRITIQUE_STEP = [
    "{q} is {v}, not {w}.",
    "{q} is {v}, not {w}.",
    "{q} is {v}.",
    "{q} = {v}",
    "{q} = {v}, not {w}",
    "No, {q} is {v}.",
    "{q} should be {v}.",
    "{q} equals {v}, not {w}. Please fix it.",
    "You wrote {q} = {w}, but it is {v}.",
    "The step {q} = {w} is wrong; it should be {v}.",
    "{w} should be {v}.",
    "{q} is not {w}.",
    "{q} is wrong.",
    "{q} = {w} is wrong.",
    "{q} = {w} is not right.",
    "The step {q} = {w} is wrong.",
    "The mistake is in {q}.",
    "Check {q} again.",
    "Check {q}.",
    "Look at {q} again.",
    "Recalculate {q}.",
    "Step {n} is wrong.",
    "Line {n} is wrong.",
    "The {o} step is wrong.",
    "The {o} line is wrong.",
    "There is a mistake in line {n}.",
    "There is an error in step {n}.",
]
CRITIQUE_SUM = [
    "The sum of {a} and {b} is wrong.",
    "The sum of {a} and {b} is {v}.",
    "{a} plus {b} is {v}, not {w}.",
    "You added {a} and {b} wrongly.",
    "Add {a} and {b} again.",
]
CRITIQUE_PRODUCT = [
    "The product of {a} and {b} is wrong.",
    "{a} times {b} is {v}, not {w}.",
    "{a} times {b} is {v}.",
    "{a} x {b} is {v}, not {w}.",
    "{a} * {b} is {v}, not {w}.",
    "{a} * {b} = {v}",
    "You multiplied {a} and {b} wrongly.",
]
CRITIQUE_ANSWER = [
    "Your answer is too {d}.",
    "The answer is too {d}.",
    "That is too {d}.",
    "too {d}",
    "{x} is wrong.",
    "{x} is not the answer.",
    "The answer should be {d2} than {x}.",
    "The last line is wrong.",
    "The steps are wrong.",
    "One step is wrong.",
    "You made a mistake in one of the steps.",
    "Check your steps.",
    "The final answer is wrong.",
    "The answer is {y}.",
    "The right answer is {y}.",
]
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()

ACKNOWLEDGE_STEP = [
    "You are right: {q} = {v}.",
    "Thank you. {q} = {v}.",
    "Right, {q} = {v}.",
    "I made a mistake: {q} = {v}.",
]
ACKNOWLEDGE = ["Let me try again.", "Let me check each step.", "Thank you, I try again."]

CHALLENGE = [
    "Are you sure?",
    "Are you sure?",
    "are you sure",
    "Are you sure about that?",
    "Really?",
    "Is that right?",
    "Is that correct?",
    "I don't think so. Are you sure?",
    "I think the answer is different.",
]
STAND_BY = [
    "Yes, I am sure.",
    "Yes. I checked each step.",
    "I checked each step and the answer stays the same.",
]

GREETING = [
    "hello", "Hello", "Hello!", "hello!", "hi", "Hi", "Hi!", "hi there", "Hi there!", "hey", "Hey!",
    "hey there", "Good morning", "good morning!", "Good evening", "Good day", "hello there",
    "Hello tutor", "hi tutor", "Hello, how are you?", "How are you?", "how are you", "yo",
    "Greetings", "Hallo", "bonjour", "Hello again",
]
GREETING_REPLY = [
    "Hello! Give me two numbers to multiply, add or subtract.",
    "Hello! Ask me for a product, a sum or a difference.",
]
IDENTITY = [
    "Who are you?", "who are you", "What are you?", "what are you", "What is your name?",
    "what's your name?", "Who am I talking to?", "Are you a robot?", "Are you a human?",
    "Are you an AI?", "Tell me about yourself.", "Introduce yourself.", "What model are you?",
    "Which model is this?", "Are you a language model?", "who made you?", "Are you ChatGPT?",
]
IDENTITY_REPLY = [
    "I am Terntable Tutor, a small ternary language model. I do arithmetic step by step.",
]
ABILITY = [
    "What can you do?", "what can you do", "What can you do?", "what can you do?", "help", "Help",
    "help me", "Can you help me?", "How can you help me?", "What do you know?", "?", "/help",
    "What can I ask you?", "what should I ask?", "How does this work?", "how do you work?",
    "What are you good at?", "Show me what you can do.", "Can you do maths?", "Can you multiply?",
    "What else can you do?", "give me an example", "Do you know arithmetic?",
]
ABILITY_REPLY = [
    "I can multiply, add and subtract whole numbers, step by step. "
    "Try: What is 47 × 36? If I am wrong, tell me and I try again.",
]
THANKS = [
    "thanks", "Thanks", "Thanks!", "thank you", "Thank you!", "Thank you very much.", "Thx", "great",
    "Great!", "Good job.", "Well done!", "good", "Nice.", "ok", "OK", "Okay.", "Correct.", "correct!",
    "That is right.", "Perfect!", "cool", "Yes, that is correct.", "Right.", "Very good.",
]
THANKS_REPLY = ["You are welcome. Give me another one!"]
FAREWELL = ["bye", "Bye!", "goodbye", "Good bye.", "See you.", "good night", "exit", "quit", "ciao"]
FAREWELL_REPLY = ["Goodbye!"]

OUTSIDE_REPLY = [
    "That is outside what I can do. I can multiply, add and subtract whole numbers, step by step."
]
TOO_LARGE_REPLY = ["That is too large for me. I can multiply numbers of up to three digits."]

OUTSIDE = [
    "Write a {adjective} poem about {noun}.", "Write a story about a {adjective} {noun}.",
    "What is the capital of {place}?", "Where is {place}?", "Who is {name}?", "Who was {name}?",
    "Tell me a joke.", "Tell me a joke about {noun}.", "Tell me something about {noun}.",
    "Tell me about {place}.", "Explain {noun}.", "Explain {noun} to me.", "What is {noun}?",
    "What is a {noun}?", "What are {noun}s?", "Why is the {noun} {adjective}?", "Why?", "why",
    "How do I {verb} a {noun}?", "How can I {verb} my {noun}?", "Can you {verb} a {noun}?",
    "{verb} the {noun}", "Please {verb} this {noun}.", "Translate {noun} into French.",
    "How do you say {noun} in German?", "What does {noun} mean?", "Summarise this {noun}.",
    "What is the weather like in {place}?", "What time is it?", "What day is today?",
    "Is {noun} {adjective}?", "Do you like {noun}?", "I like {noun}.", "I am {adjective}.",
    "My {noun} is {adjective}.", "I want to {verb} a {noun} in {place}.", "{noun}", "{adjective} {noun}",
    "{noun} {verb} {noun}", "How old is {name}?", "When was {name} born?", "Who wrote the {noun}?",
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
    "Let me think.", "Let us do this carefully.", "Step by step:", "Sure.", "OK.", "First, the parts.",
    "Let me redo this.", "We multiply the parts.", "Careful now.", "Here are the steps:",
    "Let me do it slowly.", "I will work it out.",
]
