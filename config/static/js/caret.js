// The place in the text of a measure that was touched, or where the caret stands, as a place to cut.
(function () {
  "use strict";

  var choice = document.querySelector("[data-caret]");
  var text = document.querySelector(".plan-text .measure[aria-current]");
  if (!choice || !text) return;

  function lengthOf(words) {
    return Array.from(words).length;
  }

  function wordsBefore(paragraph, node, offset) {
    var range = document.createRange();
    range.setStart(paragraph, 0);
    range.setEnd(node, offset);
    var copy = range.cloneContents();
    copy.querySelectorAll(".flag").forEach(function (flag) { flag.remove(); });
    return copy.textContent;
  }

  document.addEventListener("selectionchange", function () {
    var selection = window.getSelection();
    var node = selection.focusNode;
    if (!node || !selection.isCollapsed || !text.contains(node)) return;
    var element = node.nodeType === Node.TEXT_NODE ? node.parentNode : node;
    var paragraph = element.closest("[data-at]");
    if (!paragraph) return;
    var before = wordsBefore(paragraph, node, selection.focusOffset);
    var shown = wordsBefore(paragraph, paragraph, paragraph.childNodes.length);
    var radio = choice.querySelector("input");
    radio.value = Number(paragraph.getAttribute("data-at")) + lengthOf(before);
    radio.disabled = false;
    radio.checked = true;
    choice.hidden = false;
    choice.querySelector("span").textContent = shown.slice(before.length, before.length + 40);
  });
})();
