// One key for what the page offers anyway: data-keys="j ArrowDown" on a link, button, field or block.
// A block (fieldset, form) gives its first field the focus, a summary opens and does the same;
// data-next=".doubt-form" walks from one block to the next. Ctrl+Enter sends the form of a field.
(function () {
  "use strict";

  var FIELDS = "input:not([type=hidden]), select, textarea";
  var walked = null;

  function isField(element) {
    return element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
  }

  function isControl(element) {
    return /^(A|BUTTON|SUMMARY)$/.test(element.tagName);
  }

  function isShown(element) {
    return !element.closest("details:not([open])") && element.getClientRects().length > 0 && !element.disabled;
  }

  function firstField(block) {
    return Array.prototype.find.call(block.querySelectorAll(FIELDS), isShown);
  }

  function enter(block) {
    var field = firstField(block);
    var closed = block.querySelector("details:not([open])");
    if (!field && closed) {
      closed.open = true;
      field = firstField(closed);
    }
    if (!field) return;
    field.focus();
    field.scrollIntoView({ block: "center" });
  }

  // Open blocks are left behind when they are answered, so the walk goes on from where it was.
  function walk(selector) {
    var blocks = Array.prototype.slice.call(document.querySelectorAll(selector));
    var behind = blocks.filter(function (block) {
      var place = walked && document.getElementById(walked);
      return place && place.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING && !place.contains(block);
    });
    var block = behind[0] || blocks[0];
    if (!block) return;
    var item = block.closest("[id]");
    walked = item && item.id;
    var group = block.closest("details");
    if (group) group.open = true;
    enter(block);
  }

  document.addEventListener("keydown", function (event) {
    var at = event.target;
    if (event.key === "Enter" && event.ctrlKey && isField(at) && at.form) {
      event.preventDefault();
      at.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (isField(at)) {
      if (event.key === "Escape") at.blur();
      return;
    }
    if (event.key === "Enter" && isControl(at)) return;
    var wanted = Array.prototype.find.call(document.querySelectorAll("[data-keys]"), function (element) {
      return element.getAttribute("data-keys").split(" ").indexOf(event.key) >= 0;
    });
    if (!wanted) return;
    event.preventDefault();
    if (wanted.hasAttribute("data-next")) walk(wanted.getAttribute("data-next"));
    else if (isField(wanted)) wanted.focus();
    else if (/^(FIELDSET|FORM)$/.test(wanted.tagName)) enter(wanted);
    else wanted.click();
    if (wanted.tagName === "SUMMARY" && wanted.parentNode.open) enter(wanted.parentNode);
  });
})();
