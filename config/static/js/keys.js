// One key for what the page offers anyway: data-keys="j ArrowDown" on a link, button or field.
(function () {
  "use strict";

  function isField(element) {
    return element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
  }

  function isControl(element) {
    return /^(A|BUTTON|SUMMARY)$/.test(element.tagName);
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    var at = event.target;
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
    if (isField(wanted)) wanted.focus();
    else wanted.click();
  });
})();
