import SessionCore

// The keys as they ship.
extension Keymap {
  public static let standard = Keymap(
    bindings: feedback + looking + pages + tree + inspecting + duel + friction + typing + editing
      + vi + everywhere)

  private static let feedback: [Binding] = [
    Binding(.normal, [.character("t")], .tryAgain, "try-again", "try again, without saying why"),
    Binding(.normal, [.character("c")], .critique, "critique", "critique: say what is wrong"),
    Binding(
      .normal, [.character("C")], .critiqueOutside, "critique-outside", "critique in $EDITOR"),
    Binding(.normal, [.character("e")], .editInPlace, "edit", "edit the reply in place"),
    Binding(
      .normal, [.character("E")], .editOutside, "edit-outside", "edit the reply in $EDITOR"),
    Binding(
      .normal, [.character("I")], .editPrompt, "edit-question",
      "edit what you said last: a new branch goes on from it"),
    Binding(
      .normal, [.character("r")], .regenerate, "regenerate",
      "regenerate: draw it again; 5r: five times"),
    Binding(
      .normal, [.character("R")], .regenerateFive, "regenerate-five", "draw it five times more"),
    Binding(
      .normal, [.character("D")], .duel, "duel", "duel: two more replies, blind, to vote on"),
    Binding(.normal, [.character("u")], .undo, "undo", "undo: take back the last step"),
    Binding(.normal, [.control("r")], .redo, "redo", "redo: take back the undo"),
    Binding(.normal, [.character("+")], .rate(.up), "rate-good", "rate the reply good"),
    Binding(.normal, [.character("-")], .rate(.down), "rate-bad", "rate the reply bad"),
    Binding(.normal, [.character("1")], .rate(.stars(1)), "rate-1", "rate 1 (worst)"),
    Binding(.normal, [.character("2")], .rate(.stars(2)), "rate-2", "rate 2"),
    Binding(.normal, [.character("3")], .rate(.stars(3)), "rate-3", "rate 3"),
    Binding(.normal, [.character("4")], .rate(.stars(4)), "rate-4", "rate 4"),
    Binding(.normal, [.character("5")], .rate(.stars(5)), "rate-5", "rate 5 (best)"),
    Binding(.normal, [.character("0")], .rate(nil), "rate-none", "take the rating back"),
    Binding(.normal, [.character("a")], .note, "note", "note down something about the reply"),
    Binding(.normal, [.character("#")], .tag, "tag", "put a tag on the reply, or take it off"),
    Binding(.normal, [.character("m")], .bookmark, "bookmark", "bookmark the reply, or not"),
  ]

  private static let looking: [Binding] = [
    Binding(.normal, [.character("i"), .enter], .type, "type", "type a message"),
    Binding(.normal, [.character("/")], .commandLine, "command", "type a command"),
    Binding(
      .normal, [.control("p"), .character(":")], .palette, "palette",
      "find a command or key by name"),
    Binding(
      .normal, [.character("d")], .diff, "diff", "what changed since the attempt before"),
    Binding(
      .normal, [.character("p")], .inspect, "inspect", "prompt, sampler, tokens and their odds"),
    Binding(.normal, [.tab], .tree, "tree", "all turns as a tree"),
    Binding(
      .normal, [.character("F")], .fork, "fork", "fork: a new session that begins like this"),
    Binding(
      .normal, [.character("M")], .friction, "friction",
      "measures: how the model takes feedback, in figures"),
    Binding(.normal, [.character("x")], .exportLine, "export", "export this branch: format, file"),
    Binding(
      .normal, [.character("<"), .left], .previousSibling, "previous-version",
      "the version before this one"),
    Binding(
      .normal, [.character(">"), .right], .nextSibling, "next-version",
      "the version after this one"),
    Binding(.normal, [.control("f")], .search, "search", "search the conversation"),
    Binding(.normal, [.character("n")], .searchNext, "search-next", "the next place found"),
    Binding(
      .normal, [.character("N")], .searchPrevious, "search-previous", "the place found before"),
    Binding(.normal, [.escape], .leave, "leave", "forget what was searched for"),
    Binding(.normal, [.character("y")], .copyTurn, "copy", "copy the reply (OSC 52)"),
    Binding(.normal, [.character("Y")], .copyBranch, "copy-all", "copy the conversation"),
    Binding(
      .normal, [.character("S")], .dumpScreen, "save-screen", "write the screen to two files"),
    Binding(.normal, [.character("k"), .up], .up, "up", "scroll up"),
    Binding(.normal, [.character("j"), .down], .down, "down", "scroll down"),
    Binding(.normal, [.control("u")], .halfUp, "half-up", "half a page up"),
    Binding(.normal, [.control("d")], .halfDown, "half-down", "half a page down"),
    Binding(.normal, [.character("g"), .home], .top, "top", "to the beginning"),
    Binding(.normal, [.character("G"), .end], .bottom, "bottom", "to the end"),
    Binding(.normal, [.character("?")], .help, "help", "this help"),
    Binding(.normal, [.character("q")], .quit, "quit", "quit"),
  ]

  private static let pages: [Binding] = [
    Binding(.page, [.character("k"), .up], .up, "up", "up"),
    Binding(.page, [.character("j"), .down], .down, "down", "down"),
    Binding(.page, [.control("u")], .halfUp, "half-up", "half a page up"),
    Binding(
      .page, [.control("d"), .character(" ")], .halfDown, "half-down", "half a page down"),
    Binding(.page, [.character("g"), .home], .top, "top", "to the beginning"),
    Binding(.page, [.character("G"), .end], .bottom, "bottom", "to the end"),
    Binding(
      .page, [.escape, .character("q"), .tab, .character("i"), .enter], .leave, "leave",
      "back to the conversation"),
    Binding(.page, [.character("?")], .help, "help", "this help"),
    Binding(
      .page, [.character("S")], .dumpScreen, "save-screen", "write the screen to two files"),
  ]

  private static let tree: [Binding] = [
    Binding(.tree, [.enter], .choose, "choose", "go on from the chosen turn"),
    Binding(.tree, [.character("h"), .left], .parent, "parent", "to the turn above"),
    Binding(.tree, [.character("l"), .right], .child, "child", "to the first turn below"),
    Binding(
      .tree, [.character("<"), .character("K")], .previousSibling, "previous-version",
      "the version before"),
    Binding(
      .tree, [.character(">"), .character("J")], .nextSibling, "next-version",
      "the version after"),
    Binding(
      .tree, [.character(" "), .character("z")], .fold, "fold", "fold what is below, or unfold"),
    Binding(.tree, [.character("Z")], .foldAll, "fold-all", "fold all other branches, or none"),
    Binding(
      .tree, [.character("f")], .filter, "filter",
      "only one kind of feedback, the next with each press"),
    Binding(.tree, [.character("/"), .control("f")], .search, "search", "search the tree"),
    Binding(.tree, [.character("n")], .searchNext, "search-next", "the next turn found"),
    Binding(
      .tree, [.character("N")], .searchPrevious, "search-previous", "the turn found before"),
    Binding(.tree, [.character("u")], .undo, "undo", "undo: take back the last step"),
    Binding(.tree, [.control("r")], .redo, "redo", "redo: take back the undo"),
    Binding(
      .tree, [.character("e")], .editInPlace, "edit",
      "edit the turn: a reply in place, a question on a new branch"),
    Binding(.tree, [.character("E")], .editOutside, "edit-outside", "edit the turn in $EDITOR"),
    Binding(.tree, [.character("a")], .note, "note", "note down something about the turn"),
    Binding(.tree, [.character("#")], .tag, "tag", "put a tag on the turn, or take it off"),
    Binding(.tree, [.character("+")], .rate(.up), "rate-good", "rate the reply good"),
    Binding(.tree, [.character("-")], .rate(.down), "rate-bad", "rate the reply bad"),
    Binding(.tree, [.character("0")], .rate(nil), "rate-none", "take the rating back"),
    Binding(.tree, [.character("m")], .bookmark, "bookmark", "bookmark the turn, or not"),
    Binding(.tree, [.character("y")], .copyTurn, "copy", "copy the turn (OSC 52)"),
    Binding(.tree, [.character("p")], .inspect, "inspect", "look into the chosen reply"),
    Binding(
      .tree, [.character("x")], .exportLine, "export", "export the branch up to here"),
    Binding(.tree, [.character("F")], .fork, "fork", "a new session that begins up to here"),
  ]

  private static let inspecting: [Binding] = [
    Binding(.inspect, [.character("h"), .left], .tokenBefore, "token-before", "the token before"),
    Binding(.inspect, [.character("l"), .right], .tokenAfter, "token-after", "the token after"),
    Binding(.inspect, [.character("k"), .up], .up, "up", "the likelier alternative; prompt: up"),
    Binding(
      .inspect, [.character("j"), .down], .down, "down", "the less likely one; prompt: down"),
    Binding(
      .inspect, [.enter], .choose, "branch", "branch: the reply goes on with the alternative"),
    Binding(
      .inspect, [.character("n")], .searchNext, "next-surprise",
      "the next token that was not the likeliest"),
    Binding(
      .inspect, [.character("N")], .searchPrevious, "previous-surprise", "the one before"),
    Binding(
      .inspect, [.tab, .character("p")], .otherView, "other-view",
      "the prompt as it was sent, or the tokens"),
  ]

  private static let duel: [Binding] = [
    Binding(.duel, [.character("a")], .vote(.a), "vote-a", "A is better"),
    Binding(.duel, [.character("b")], .vote(.b), "vote-b", "B is better"),
    Binding(.duel, [.character("t"), .character("=")], .vote(.tie), "vote-tie", "a tie"),
    Binding(.duel, [.character("n")], .vote(.bothBad), "vote-bad", "neither: both are bad"),
    Binding(
      .duel, [.escape, .character("q")], .leave, "leave", "no vote; after it: back"),
    Binding(.duel, [.enter], .choose, "choose", "after the vote: go on from the better one"),
  ]

  private static let friction: [Binding] = [
    Binding(
      .friction, [.character("a")], .glyphs, "glyphs", "curves in ASCII, or in braille dots")
  ]

  private static let typing: [Binding] = [
    Binding(.insert, [.enter], .send, "send", "send the line"),
    Binding(.insert, [.tab], .complete, "complete", "complete a command, a format, a file"),
    Binding(.insert, [.up, .control("p")], .edit(.older), "older", "row up, then older lines"),
    Binding(
      .insert, [.down, .control("n")], .edit(.newer), "newer", "row down, then newer lines"),
    Binding(.insert, [.control("r")], .searchHistory, "search-history", "search older lines"),
    Binding(
      .insert, [.control("g"), .afterControlX("e")], .promptOutside, "edit-outside",
      "write the message in $EDITOR"),
    Binding(.insert, [.escape], .leave, "leave", "leave the line: single keys work now"),
    Binding(.insert, [.control("d")], .endOfInput, "end", "quit, when the line is empty"),
    Binding(.editor, [.enter, .control("s")], .send, "send", "the model goes on from here"),
    Binding(.editor, [.up, .control("p")], .edit(.up), "up", "row up"),
    Binding(.editor, [.down, .control("n")], .edit(.down), "down", "row down"),
    Binding(
      .editor, [.control("g"), .afterControlX("e")], .promptOutside, "edit-outside",
      "go on in $EDITOR"),
    Binding(.editor, [.escape], .leave, "leave", "give up the edit"),
    Binding(.palette, [.enter], .choose, "choose", "do what is chosen"),
    Binding(.palette, [.up, .control("p")], .up, "up", "up"),
    Binding(.palette, [.down, .control("n"), .tab], .down, "down", "down"),
    Binding(.palette, [.escape], .leave, "leave", "back to the conversation"),
  ]

  private static let editing: [Binding] = [
    Binding(.text, [.altEnter, .control("j")], .newline, "newline", "a new row"),
    Binding(.text, [.left, .control("b")], .edit(.left), "left", "left"),
    Binding(.text, [.right, .control("f")], .edit(.right), "right", "right"),
    Binding(.text, [.wordLeft, .alt("b")], .edit(.wordLeft), "word-left", "a word left"),
    Binding(.text, [.wordRight, .alt("f")], .edit(.wordRight), "word-right", "a word right"),
    Binding(
      .text, [.home, .control("a")], .edit(.lineStart), "line-start", "to the line's beginning"),
    Binding(.text, [.end, .control("e")], .edit(.lineEnd), "line-end", "to the line's end"),
    Binding(.text, [.alt("<")], .edit(.textStart), "text-start", "to the text's beginning"),
    Binding(.text, [.alt(">")], .edit(.textEnd), "text-end", "to the text's end"),
    Binding(
      .text, [.backspace, .control("h")], .edit(.deleteBackward), "erase-left",
      "erase to the left"),
    Binding(.text, [.delete], .edit(.deleteForward), "erase-right", "erase to the right"),
    Binding(
      .text, [.control("k")], .edit(.killToLineEnd), "cut-line-end", "cut to the line's end"),
    Binding(
      .text, [.control("u")], .edit(.killToLineStart), "cut-line-start",
      "cut to the line's beginning"),
    Binding(
      .text, [.control("w")], .edit(.killBigWordBackward), "cut",
      "cut what is selected, or back to a blank"),
    Binding(
      .text, [.altBackspace], .edit(.killWordBackward), "cut-word-left", "cut the word before"),
    Binding(.text, [.alt("d")], .edit(.killWordForward), "cut-word-right", "cut the word after"),
    Binding(.text, [.control("y")], .edit(.yank), "put-back", "put back what was cut"),
    Binding(
      .text, [.alt("y")], .edit(.yankPop), "put-back-older", "instead, what was cut before that"),
    Binding(.text, [.control("@")], .edit(.mark), "select", "select from here"),
    Binding(.text, [.shiftLeft], .edit(.selectLeft), "select-left", "select to the left"),
    Binding(.text, [.shiftRight], .edit(.selectRight), "select-right", "select to the right"),
    Binding(.text, [.shiftUp], .edit(.selectUp), "select-up", "select a row up"),
    Binding(.text, [.shiftDown], .edit(.selectDown), "select-down", "select a row down"),
    Binding(.text, [.alt("a")], .edit(.selectAll), "select-all", "select all"),
    Binding(.text, [.alt("w")], .edit(.copy), "copy", "copy what is selected"),
    Binding(.text, [.control("_"), .afterControlX("u")], .edit(.undo), "undo", "undo typing"),
    Binding(.text, [.alt("_"), .alt("u")], .edit(.redo), "redo", "redo typing"),
    Binding(.text, [.control("x")], .prefix, "prefix", "the first half of Ctrl-X keys"),
  ]

  private static let vi: [Binding] = [
    Binding(.vi, [.character("i")], .vi(.insert), "insert", "type before the caret"),
    Binding(.vi, [.character("a")], .vi(.append), "append", "type after the caret"),
    Binding(
      .vi, [.character("I")], .vi(.insertAtStart), "insert-start", "type at the line's beginning"),
    Binding(
      .vi, [.character("A")], .vi(.appendAtEnd), "append-end", "type at the line's end"),
    Binding(.vi, [.character("o")], .vi(.openBelow), "open", "type in a new row below"),
    Binding(.vi, [.character("h"), .left, .backspace], .edit(.left), "left", "left"),
    Binding(.vi, [.character("l"), .right, .character(" ")], .edit(.right), "right", "right"),
    Binding(.vi, [.character("j"), .down], .edit(.newer), "down", "row down, then newer lines"),
    Binding(.vi, [.character("k"), .up], .edit(.older), "up", "row up, then older lines"),
    Binding(.vi, [.character("w")], .edit(.wordRight), "word-right", "a word right"),
    Binding(.vi, [.character("e")], .edit(.wordEnd), "word-end", "to the word's end"),
    Binding(.vi, [.character("b")], .edit(.wordLeft), "word-left", "a word left"),
    Binding(
      .vi, [.character("0"), .character("^"), .home], .edit(.lineStart), "line-start",
      "to the line's beginning"),
    Binding(
      .vi, [.character("$"), .end], .edit(.lineEnd), "line-end", "to the line's end"),
    Binding(.vi, [.character("g")], .edit(.textStart), "text-start", "to the text's beginning"),
    Binding(.vi, [.character("G")], .edit(.textEnd), "text-end", "to the text's end"),
    Binding(.vi, [.character("x"), .delete], .edit(.deleteForward), "erase", "erase one"),
    Binding(
      .vi, [.character("X")], .edit(.deleteBackward), "erase-left", "erase one to the left"),
    Binding(
      .vi, [.character("d")], .vi(.delete), "delete", "cut to where the next key goes; dd: the line"
    ),
    Binding(.vi, [.character("c")], .vi(.change), "change", "the same, and type; cc: the line"),
    Binding(.vi, [.character("y")], .vi(.copy), "yank", "the same, but only copy"),
    Binding(.vi, [.character("D")], .vi(.deleteToEnd), "delete-end", "cut to the line's end"),
    Binding(.vi, [.character("C")], .vi(.changeToEnd), "change-end", "cut to the end, and type"),
    Binding(.vi, [.character("p")], .vi(.putAfter), "put", "put back after the caret"),
    Binding(.vi, [.character("P")], .edit(.yank), "put-before", "put back before the caret"),
    Binding(.vi, [.character("u")], .edit(.undo), "undo", "undo typing"),
    Binding(.vi, [.control("r")], .edit(.redo), "redo", "redo typing"),
    Binding(.vi, [.character("/")], .searchHistory, "search-history", "search older lines"),
    Binding(.vi, [.character("v")], .edit(.mark), "select", "select from here"),
    Binding(.vi, [.enter], .send, "send", "send"),
    Binding(.vi, [.escape], .leave, "leave", "leave the line: single keys work now"),
  ]

  private static let everywhere: [Binding] = [
    Binding(
      .everywhere, [.control("c")], .interrupt, "stop", "stop the reply; twice, or idle: quit"),
    Binding(.everywhere, [.pageUp], .pageUp, "page-up", "a page up"),
    Binding(.everywhere, [.pageDown], .pageDown, "page-down", "a page down"),
    Binding(.everywhere, [.control("l")], .redraw, "redraw", "draw the screen again"),
    Binding(.everywhere, [.function(6)], .mouse, "mouse", "take the mouse, or free it"),
    Binding(.everywhere, [.control("z")], .suspend, "suspend", "suspend (`fg` comes back)"),
  ]
}
